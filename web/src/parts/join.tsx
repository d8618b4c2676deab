// Export of chosen hits as one video file.
import { useEffect, useRef, useState } from 'preact/hooks';
import { get, postForFile, type Clip, type ClipLimits } from '../lib/api';
import { saveFile, type FoundClip } from '../lib/export';
import { bytes, many, time } from '../lib/format';
import { nameOf } from '../lib/search';
import { Dialog, Loading, Notice, useAction, useLoad } from './ui';

const lengthOf = (clips: Clip[]) => clips.reduce((sum, clip) => sum + clip.end - clip.start, 0);

/** Lets the user choose hits, and saves them as one MP4 file. */
export function JoinHits({ found, onClose }: { found: FoundClip[]; onClose: () => void }) {
  const { data: limits, error } = useLoad(signal => get<ClipLimits>('/app/clips/limits', signal), []);
  // Other videos were uploaded without streaming, or were deleted.
  const playable = found.filter(({ video }) => video?.hls);
  return (
    <Dialog title="Hits as one video" onClose={onClose} wide>
      {error ? <Notice>{error}</Notice> : !limits ? <Loading /> : playable.length === 0
        ? <Notice kind="info">The videos of these hits cannot be played, so there is nothing to export.</Notice>
        : <Choice found={playable} missing={found.length - playable.length} limits={limits} onClose={onClose} />}
    </Dialog>
  );
}

/** The first hits that the limits allow. */
function firstOf(found: FoundClip[], limits: ClipLimits): Set<FoundClip> {
  const chosen: FoundClip[] = [];
  for (const hit of found.slice(0, limits.max_parts)) {
    if (lengthOf([...chosen, hit].map(({ clip }) => clip)) > limits.max_seconds) break;
    chosen.push(hit);
  }
  return new Set(chosen);
}

function Choice({ found, missing, limits, onClose }: {
  found: FoundClip[]; missing: number; limits: ClipLimits; onClose: () => void;
}) {
  const [chosen, setChosen] = useState(() => firstOf(found, limits));
  const [received, setReceived] = useState(0);
  const [isSaved, setSaved] = useState(false);
  const { run, busy, error } = useAction();
  const abort = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => abort.current?.abort(), []);
  const clips = found.filter(hit => chosen.has(hit)).map(({ clip }) => clip);
  const seconds = lengthOf(clips);
  const isTooLarge = clips.length > limits.max_parts || seconds > limits.max_seconds;
  const toggle = (hit: FoundClip) => {
    const next = new Set(chosen);
    if (!next.delete(hit)) next.add(hit);
    setChosen(next);
  };
  const join = async () => {
    const request = abort.current = new AbortController();
    setReceived(0);
    setSaved(false);
    const parts = clips.map(({ video_id, start, end }) => ({ video_id, start, end }));
    try {
      saveFile('hits.mp4', await postForFile('/app/clips', { parts }, setReceived, request.signal));
      setSaved(true);
    } catch (failure) {
      // The user has stopped it.
      if (!request.signal.aborted) throw failure;
    }
  };
  return (
    <>
      <div class="body">
        {missing > 0 && <Notice kind="info">{many(missing, 'hit')} cannot be exported, because the video was deleted or may not be played.</Notice>}
        <ul class="hits-to-join">{found.map(hit => (
          <li key={`${hit.clip.video_id}-${hit.clip.start}-${hit.clip.end}`}>
            <label><input type="checkbox" checked={chosen.has(hit)} disabled={busy} onChange={() => toggle(hit)} /> {nameOf(hit.video)}{' '}
              <span class="soft">{time(hit.clip.start)} – {time(hit.clip.end)}</span></label>
          </li>
        ))}</ul>
        <p role="status">{busy ? `The server makes the video. ${bytes(received)} of it have arrived.`
          : isSaved ? `The video with ${many(clips.length, 'hit')} was saved.`
            : `${many(clips.length, 'hit')}, ${time(seconds)}`}</p>
        {isTooLarge && <Notice kind="info">Choose at most {many(limits.max_parts, 'hit')} of together {time(limits.max_seconds)}.</Notice>}
        {error && <Notice>{error}</Notice>}
      </div>
      <footer>
        {busy ? <button type="button" onClick={() => abort.current?.abort()}>Stop</button>
          : <button type="button" onClick={onClose}>Close</button>}
        <button type="button" class="primary" disabled={busy || clips.length === 0 || isTooLarge} onClick={() => run(join)}>Make the video</button>
      </footer>
    </>
  );
}
