// The scores over time around a hit, as a small picture in its card.
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Clip, Curve, Threshold } from '../lib/api';
import { lowestScores, rangeOf, type AskCurve } from '../lib/curves';
import { time } from '../lib/format';

/** Pixels below and above the window from which a card counts as in view, so that its curve is there when it is scrolled to. */
const ahead = 600;

/** Size of the drawing, which is stretched to the card. The height is the range of the scores. */
const [width, height] = [1000, 100];

/** The curve of a hit, loaded when the card comes into view. Its space is kept until then; without a curve it disappears. */
export function HitCurve({ clip, ask, threshold }: { clip: Clip; ask: AskCurve; threshold: Threshold }) {
  const place = useRef<HTMLDivElement>(null);
  const [curve, setCurve] = useState<Curve | 'none'>();
  useEffect(() => {
    let isGone = false;
    const observer = new IntersectionObserver(entries => {
      if (!entries.some(entry => entry.isIntersecting)) return;
      observer.disconnect();
      void ask(clip).then(found => { if (!isGone) setCurve(found && rangeOf(found) ? found : 'none'); });
    }, { rootMargin: `${ahead}px 0px` });
    observer.observe(place.current!);
    return () => {
      isGone = true;
      observer.disconnect();
    };
  }, []);
  return curve === 'none' ? null : <div class="curve" ref={place}>{curve && <Drawing curve={curve} threshold={threshold} />}</div>;
}

function Drawing({ curve, threshold }: { curve: Curve; threshold: Threshold }) {
  const length = curve.scores.length * curve.step;
  const x = (seconds: number) => width * Math.min(1, Math.max(0, (seconds - curve.from) / length));
  const range = rangeOf(curve)!;
  const line = lowestScores[threshold];
  const description = `Score ${Math.round(range.low)} to ${Math.round(range.high)}, highest at ${time(range.at)}`;
  return (
    <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={description}>
      <rect class="within" x={x(curve.start)} width={x(curve.end) - x(curve.start)} y="0" height={height} />
      <path class="scores" d={pathOf(curve.scores)} />
      {line !== undefined && <line class="least" x1="0" x2={width} y1={height - line} y2={height - line} />}
    </svg>
  );
}

/** Steps of equal width. Where nothing is indexed the line has a gap. */
function pathOf(scores: (number | null)[]): string {
  const step = width / scores.length;
  return scores.map((score, i) => {
    if (score === null) return '';
    const command = i > 0 && scores[i - 1] !== null ? 'L' : 'M';
    return `${command}${(i * step).toFixed(1)} ${(height - score).toFixed(1)}H${((i + 1) * step).toFixed(1)}`;
  }).join('');
}
