import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { time } from '../lib/format';

export interface Span { start: number; end: number }
export interface Lane { kind: 'shots' | 'said' | 'written' | 'hits'; name: string; spans: Span[] }

/** Seconds of an arrow key. */
const step = 5;

/** A seek bar with a lane for each kind of marks. */
export function Strip({ duration, lanes, video, seek }: {
  duration: number; lanes: Lane[]; video: RefObject<HTMLVideoElement | null>; seek: (seconds: number) => void;
}) {
  const at = useTime(video);
  const share = (seconds: number) => `${100 * Math.min(1, Math.max(0, seconds / duration))}%`;
  const point = (event: PointerEvent) => {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    seek(duration * Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Not the position shown: that is one event of the video behind, and keys may follow each other faster.
    const now = video.current?.currentTime ?? 0;
    const to = { ArrowRight: now + step, ArrowLeft: now - step, Home: 0, End: duration - 0.1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    seek(Math.min(duration, Math.max(0, to)));
  };
  return (
    <>
      <div class="card strip" role="slider" tabIndex={0} aria-label="Position in the video" aria-valuemin={0}
        aria-valuemax={Math.round(duration)} aria-valuenow={Math.round(at)} aria-valuetext={`${time(at)} of ${time(duration)}`}
        onPointerDown={event => { event.currentTarget.setPointerCapture(event.pointerId); point(event); }}
        onPointerMove={event => { if (event.buttons & 1) point(event); }} onKeyDown={onKeyDown}>
        {lanes.map(lane => (
          <div key={lane.kind} class={`lane ${lane.kind}`}>
            {lane.spans.map(span => (
              <i key={`${span.start}-${span.end}`} style={{ left: share(span.start), width: share(span.end - span.start) }} />
            ))}
          </div>
        ))}
        <span class="playhead" style={{ left: share(at) }} />
      </div>
      <p class="legend">{lanes.map(lane => <span key={lane.kind} class={lane.kind}>{lane.name}</span>)}</p>
    </>
  );
}

/** The current position of the video, in seconds. */
export function useTime(video: RefObject<HTMLVideoElement | null>): number {
  const [at, setAt] = useState(0);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    const update = () => setAt(element.currentTime);
    update();
    const events = ['timeupdate', 'seeking', 'loadedmetadata'];
    events.forEach(name => element.addEventListener(name, update));
    return () => events.forEach(name => element.removeEventListener(name, update));
  }, [video]);
  return at;
}
