import { useEffect, useState } from 'preact/hooks';
import { picture, type Clip, type SearchAnswer, type Video, type VideoGroup } from '../lib/api';
import { curvesOf, type AskCurve } from '../lib/curves';
import { save, toCsv, toEdl, toJson, type FoundClip } from '../lib/export';
import { hours, many, time } from '../lib/format';
import { optionVerb } from '../lib/options';
import { formPrograms, programs } from '../lib/programs';
import {
  fieldsOf, highlight, isGroup, likeThis, nameOf, nextPage, pathOf, picturePath, requestOf, search, videoOf, writeQuery, type Query,
} from '../lib/search';
import { HitCurve } from './curve';
import { JoinHits } from './join';
import { Copy, Dialog, Empty, Notice, useAction, useLoad } from './ui';

/** Hits that an export has, at most. */
const mostExported = 1000;

/** Sends a query once and shows what it finds. */
export function Results({ query }: { query: Query }) {
  const { data: first, error } = useLoad(() => search(query), []);
  const [more, setMore] = useState<SearchAnswer[]>([]);
  const [isShown, setShown] = useState(false);
  const [ask] = useState(() => curvesOf(query));
  const { run, busy, error: moreError } = useAction();
  if (error) return <Notice>{error}</Notice>;
  if (!first) return <p class="loading" role="status">Searching …</p>;
  const pages = [first, ...more];
  const items = pages.flatMap(page => page.data);
  const token = pages.at(-1)!.page_info.next_page_token;
  const total = first.page_info.total_results;
  return (
    <>
      <div class="head">
        <p role="status">{total === 0 ? 'Nothing was found' : items.some(isGroup) ? `Hits in ${many(total, 'video')}`
          : many(total, 'moment')} <span class="soft">in {many(first.search_pool.total_count, 'video')}, {hours(first.search_pool.total_duration)}</span></p>
        <div class="row">
          {total > 0 && <Export query={query} pages={pages} />}
          <button type="button" class="small" onClick={() => setShown(true)}>Show as curl, Python, C#</button>
        </div>
      </div>
      {total === 0 && (
        <Empty title="Nothing was found">
          {query.like ? <p>{query.threshold === 'none' ? 'Choose another picture.' : 'Choose another picture, or a lower confidence.'}</p>
            : <p>Describe what is seen, said or written in other words{query.threshold === 'none' ? '.' : ', or choose a lower confidence.'}</p>}
        </Empty>
      )}
      {items.some(isGroup) ? items.filter(isGroup).map(group => <Group key={group.id} group={group} query={query} ask={ask} />) : (
        <ul class="results">{items.filter((item): item is Clip => !isGroup(item)).map(clip => (
          <Hit key={`${clip.video_id}-${clip.start}-${clip.end}`} clip={clip} query={query} ask={ask} isNamed />
        ))}</ul>
      )}
      {moreError && <Notice>{moreError}</Notice>}
      {token && <div class="row"><button type="button" disabled={busy}
        onClick={() => run(async () => setMore([...more, await nextPage(token)]))}>Show more</button></div>}
      {isShown && <Programs texts={programsOf(query)} onClose={() => setShown(false)} />}
    </>
  );
}

function programsOf(query: Query): Record<string, string> {
  const origin = window.location.origin;
  if (query.like) return formPrograms(picturePath, fieldsOf(query, query.like), 'file' in query.like ? 'picture' : undefined, origin);
  const request = requestOf(query);
  return programs(pathOf(request), request, origin);
}

/** The hits of one video, with a bar that shows where in the video they are. */
function Group({ group, query, ask }: { group: VideoGroup; query: Query; ask: AskCurve | undefined }) {
  const video = useVideo(query.index, group.id);
  return (
    <section class="group">
      <h2>{video === 'unknown' ? '…' : nameOf(video)}</h2>
      {video !== 'unknown' && video?.metadata.duration && <Timeline clips={group.clips} duration={video.metadata.duration} />}
      <ul class="results">{group.clips.map(clip => (
        <Hit key={`${clip.start}-${clip.end}`} clip={clip} query={query} ask={ask} isNamed={false} />
      ))}</ul>
    </section>
  );
}

/** Hits as columns along the time of their video, as high as their scores. */
function Timeline({ clips, duration }: { clips: Clip[]; duration: number }) {
  const share = (seconds: number) => `${100 * Math.min(1, Math.max(0, seconds / duration))}%`;
  const hits = clips.map(clip => `${time(clip.start)} score ${Math.round(clip.score)}`).join(', ');
  return (
    <div class="timeline" role="img" aria-label={`Hits in ${time(duration)}: ${hits}`}>
      {clips.map(clip => (
        <i key={`${clip.start}-${clip.end}`} class={clip.confidence} style={{
          left: share(clip.start), width: share(clip.end - clip.start), height: `${Math.min(100, Math.max(8, clip.score))}%`,
        }} />
      ))}
    </div>
  );
}

function Hit({ clip, query, ask, isNamed }: { clip: Clip; query: Query; ask: AskCurve | undefined; isNamed: boolean }) {
  const address = `/indexes/${query.index}/videos/${clip.video_id}?${writeQuery(query)}&t=${clip.start}`;
  const span = `${time(clip.start)} – ${time(clip.end)}`;
  // Only of what is seen: the picture of a spoken sentence may be anything.
  const isPictured = clip.metadata.some(match => match.type === 'visual');
  const verbs = [...new Set(clip.metadata.map(match => optionVerb(match.type)))];
  const texts = [...new Set(clip.metadata.flatMap(match => match.text ?? []))];
  return (
    <li class="card video hit">
      <div class="picture">
        <img class="still" src={picture(clip.video_id, (clip.start + clip.end) / 2)} alt="" loading="lazy" />
        <span class="length">{span}</span>
      </div>
      <div class="text">
        <h3><a href={address}>{isNamed ? <><VideoName index={query.index} video={clip.video_id} /> <span class="visually-hidden">{span}</span></>
          : span}</a></h3>
        <p class="chips">
          <span class={`chip ${clip.confidence}`}><span class="score">{clip.score.toFixed(1)}</span> {clip.confidence}</span>
          {verbs.map(verb => <span key={verb} class="chip">{verb}</span>)}
        </p>
        {isPictured && ask && <HitCurve clip={clip} ask={ask} threshold={query.threshold} />}
        {isPictured && (
          <a class="button small like" href={likeThis(query.index, clip.video_id, (clip.start + clip.end) / 2)}
            aria-label={`More like this: ${span}`}>More like this</a>
        )}
        {texts.map(text => (
          <blockquote key={text}>{highlight(text, query.words).map((part, i) => part.isHit ? <mark key={i}>{part.text}</mark> : part.text)}</blockquote>
        ))}
      </div>
    </li>
  );
}

/** `unknown` until the answer is there; undefined if there is no such video. */
function useVideo(index: string, id: string): Video | undefined | 'unknown' {
  const [video, setVideo] = useState<Video | undefined | 'unknown'>('unknown');
  useEffect(() => {
    let isGone = false;
    void videoOf(index, id).then(found => { if (!isGone) setVideo(found); });
    return () => { isGone = true; };
  }, [index, id]);
  return video;
}

export function VideoName({ index, video }: { index: string; video: string }) {
  const found = useVideo(index, video);
  return <>{found === 'unknown' ? '…' : nameOf(found)}</>;
}

/** Saves all hits, also those of pages that are not shown yet. */
function Export({ query, pages }: { query: Query; pages: SearchAnswer[] }) {
  const { run, busy, error } = useAction();
  const [isCut, setCut] = useState(false);
  const [joined, setJoined] = useState<FoundClip[]>();
  const find = async (): Promise<FoundClip[]> => {
    const all = [...pages];
    const clips = () => all.flatMap(page => page.data).flatMap(item => isGroup(item) ? item.clips : [item]);
    for (let token = all.at(-1)!.page_info.next_page_token; token && clips().length < mostExported;
      token = all.at(-1)!.page_info.next_page_token) all.push(await nextPage(token));
    setCut(all.at(-1)!.page_info.next_page_token !== undefined || clips().length > mostExported);
    const found: FoundClip[] = [];
    // One after the other, because there may be hundreds of videos.
    for (const clip of clips().slice(0, mostExported)) found.push({ clip, video: await videoOf(query.index, clip.video_id) });
    return found;
  };
  const title = query.words || (query.like ? 'Hits of a picture' : 'Hits');
  const formats: Record<string, (found: FoundClip[]) => void> = {
    CSV: found => save('hits.csv', toCsv(found), 'text/csv'),
    JSON: found => save('hits.json', toJson(found), 'application/json'),
    EDL: found => save('hits.edl', toEdl(found, title), 'text/plain'),
    MP4: setJoined,
  };
  return (
    <span class="row" role="group" aria-label="Export">
      {error && <Notice>{error}</Notice>}
      {isCut && <Notice kind="info">The file has the first {mostExported.toLocaleString()} hits.</Notice>}
      {Object.entries(formats).map(([name, write]) => (
        <button key={name} type="button" class="small" disabled={busy} aria-label={`Export as ${name}`}
          onClick={() => run(async () => write(await find()))}>{name}</button>
      ))}
      {joined && <JoinHits found={joined} onClose={() => setJoined(undefined)} />}
    </span>
  );
}

export function Programs({ texts, onClose }: { texts: Record<string, string>; onClose: () => void }) {
  return (
    <Dialog title="The same request in a program" onClose={onClose} wide>
      <div class="body">
        <p class="soft">Put an API key into the variable KEY. You create keys on the page <a href="/keys">Keys</a>.</p>
        {Object.entries(texts).map(([name, text]) => (
          <section key={name} class="group">
            <div class="row"><h3 class="grow">{name}</h3><Copy text={text} label={`Copy ${name}`} /></div>
            <pre tabIndex={0} aria-label={name}><code>{text}</code></pre>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
