// The scores over time around hits. They are asked for after the hits are shown, in few requests.
import { post, type Clip, type Curve, type Threshold } from './api';
import { fieldsOf, type Query } from './search';
import { fileOf } from './pictures';

/** Hits of one request, at most. */
const mostHits = 20;

/** Milliseconds in which hits that come into view are collected for one request. */
const collecting = 50;

/** The lowest scores of the levels of confidence. */
export const lowestScores: Partial<Record<Threshold, number>> = { low: 40, medium: 73, high: 83 };

/** Asks for the curve of a hit; undefined if there is none, or if it cannot be loaded. */
export type AskCurve = (clip: Clip) => Promise<Curve | undefined>;

interface Waiting { clip: Clip; resolve: (curve: Curve | undefined) => void }

/** What asks for the curves of a query's hits; undefined for a combined query, whose texts each have a curve of their own. */
export function curvesOf(query: Query): AskCurve | undefined {
  if (query.combined) return undefined;
  let waiting: Waiting[] = [];
  const send = async () => {
    const all = waiting;
    waiting = [];
    for (let from = 0; from < all.length; from += mostHits) {
      const some = all.slice(from, from + mostHits);
      const curves = await load(query, some.map(one => one.clip)).catch(() => []);
      some.forEach((one, i) => one.resolve(curves[i]));
    }
  };
  return clip => new Promise(resolve => {
    if (waiting.length === 0) setTimeout(send, collecting);
    waiting.push({ clip, resolve });
  });
}

async function load(query: Query, clips: Clip[]): Promise<Curve[]> {
  const hits = clips.map(({ video_id, start, end }) => ({ video_id, start, end }));
  if (!query.like) {
    return (await post<{ data: Curve[] }>('/app/curves', { index_id: query.index, query: query.words, hits })).data;
  }
  const form = new FormData();
  const { index_id, video_id, time } = fieldsOf(query, query.like);
  for (const [name, value] of Object.entries({ index_id, video_id, time })) if (value !== undefined) form.append(name, value);
  const file = fileOf(query.like);
  if (file) form.append('picture', file, file.name);
  form.append('hits', JSON.stringify(hits));
  return (await post<{ data: Curve[] }>('/app/curves/picture', form)).data;
}

/** Lowest and highest score of a curve and the time of the highest, in seconds; undefined if nothing is indexed there. Of equal scores,
 * one within the hit counts. */
export function rangeOf(curve: Curve): { low: number; high: number; at: number } | undefined {
  const known = curve.scores.flatMap((score, i) => score === null ? [] : [{ score, at: curve.from + i * curve.step }]);
  if (known.length === 0) return undefined;
  const high = Math.max(...known.map(one => one.score));
  const highest = known.filter(one => one.score === high);
  const inside = highest.find(one => one.at + curve.step > curve.start && one.at < curve.end);
  return { low: Math.min(...known.map(one => one.score)), high, at: inside ? Math.max(inside.at, curve.start) : highest[0]!.at };
}
