import { useEffect, useState } from 'preact/hooks';
import { all, picture, type Clip, type Index, type SearchAnswer } from '../lib/api';
import { hours, many, time } from '../lib/format';
import { optionName, optionVerb } from '../lib/options';
import { navigate } from '../lib/router';
import { highlight, isGroup, nextPage, programs, readQuery, requestOf, search, videoName, writeQuery, type Query } from '../lib/search';
import { Copy, Dialog, Empty, Field, Loading, Notice, useAction, useLoad, usePageTitle } from '../parts/ui';

const thresholds = { none: 'Everything', low: 'Low or better', medium: 'Medium or better', high: 'High only' };

export function Search({ parameters }: { parameters: URLSearchParams }) {
  usePageTitle('Search');
  const { data: indexes, error } = useLoad(signal => all<Index>('/v1.1/indexes?sort_by=updated_at', 1000, signal), []);
  if (error) return <Notice>{error}</Notice>;
  if (!indexes) return <Loading />;
  if (indexes.rows.length === 0) {
    return <Empty title="There is nothing to search yet"><p>Create an index and upload a video first.</p><a href="/">Go to the library</a></Empty>;
  }
  return <SearchIn indexes={indexes.rows} parameters={parameters} />;
}

function SearchIn({ indexes, parameters }: { indexes: Index[]; parameters: URLSearchParams }) {
  const asked = readQuery(parameters);
  const address = parameters.toString();
  const filled = (query: Query): Query => {
    const index = indexes.find(one => one._id === query.index)
      ?? [...indexes].sort((a, b) => b.video_count - a.video_count)[0]!;
    const options = query.options.filter(option => index.index_options.some(one => one === option));
    return { ...query, index: index._id, options: options.length > 0 ? options : [...index.index_options] };
  };
  const [query, setQuery] = useState(() => filled(asked));
  useEffect(() => setQuery(filled(asked)), [address]);
  const index = indexes.find(one => one._id === query.index)!;
  const change = (part: Partial<Query>) => setQuery(filled({ ...query, ...part }));
  const submit = (event: Event) => {
    event.preventDefault();
    navigate(`/search?${writeQuery({ ...query, words: query.words.trim() })}`);
  };
  return (
    <div class="page">
      <h1>Search</h1>
      <form class="card query" role="search" onSubmit={submit}>
        <div class="box">
          <input type="search" aria-label="What to search for" required maxLength={2000} autofocus value={query.words}
            placeholder="a dog runs over a path" onInput={event => setQuery({ ...query, words: event.currentTarget.value })} />
          <button type="submit" class="primary">Search</button>
        </div>
        <div class="settings">
          <Field label="Index">{id => (
            <select id={id} value={query.index} onChange={event => change({ index: event.currentTarget.value, options: [] })}>
              {indexes.map(one => <option key={one._id} value={one._id}>{one.index_name} ({one.video_count})</option>)}
            </select>
          )}</Field>
          <Field label="Confidence">{id => (
            <select id={id} value={query.threshold} onChange={event => change({ threshold: event.currentTarget.value })}>
              {Object.entries(thresholds).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
            </select>
          )}</Field>
          <Field label="Results">{id => (
            <select id={id} value={query.group}
              onChange={event => change({ group: event.currentTarget.value === 'video' ? 'video' : 'clip' })}>
              <option value="clip">Moments</option>
              <option value="video">Grouped by video</option>
            </select>
          )}</Field>
          <fieldset>
            <legend>Search in</legend>
            {index.index_options.map(option => (
              <label key={option}>
                <input type="checkbox" checked={query.options.includes(option)} onChange={event => {
                  const rest = query.options.filter(one => one !== option);
                  // Without any option there is nothing to search in, so the last one stays.
                  const options = event.currentTarget.checked ? [...rest, option] : rest;
                  if (options.length === 0) event.currentTarget.checked = true;
                  else setQuery({ ...query, options });
                }} />
                {optionName(option)}
              </label>
            ))}
            {query.options.includes('conversation') && (
              <label><input type="checkbox" checked={query.exact} onChange={event => change({ exact: event.currentTarget.checked })} />
                Speech word for word</label>
            )}
          </fieldset>
        </div>
      </form>
      {asked.words && <Results key={address} query={filled(asked)} />}
    </div>
  );
}

function Results({ query }: { query: Query }) {
  const request = requestOf(query);
  const { data: first, error } = useLoad(() => search(request), []);
  const [more, setMore] = useState<SearchAnswer[]>([]);
  const [isShown, setShown] = useState(false);
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
        <p role="status">{total === 0 ? 'Nothing was found' : query.group === 'video' ? `Hits in ${many(total, 'video')}`
          : many(total, 'moment')} <span class="soft">in {many(first.search_pool.total_count, 'video')}, {hours(first.search_pool.total_duration)}</span></p>
        <button type="button" class="small" onClick={() => setShown(true)}>Show as curl, Python</button>
      </div>
      {total === 0 && (
        <Empty title="Nothing was found">
          <p>Describe what is seen, said or written in other words{query.threshold === 'none' ? '.' : ', or choose a lower confidence.'}</p>
        </Empty>
      )}
      {items.some(isGroup) ? items.filter(isGroup).map(group => (
        <section key={group.id} class="group">
          <h2><VideoName index={query.index} video={group.id} /></h2>
          <ul class="results">{group.clips.map(clip => <Hit key={`${clip.start}-${clip.end}`} clip={clip} query={query} isNamed={false} />)}</ul>
        </section>
      )) : (
        <ul class="results">{items.filter((item): item is Clip => !isGroup(item)).map(clip => (
          <Hit key={`${clip.video_id}-${clip.start}-${clip.end}`} clip={clip} query={query} isNamed />
        ))}</ul>
      )}
      {moreError && <Notice>{moreError}</Notice>}
      {token && <div class="row"><button type="button" disabled={busy}
        onClick={() => run(async () => setMore([...more, await nextPage(token)]))}>Show more</button></div>}
      {isShown && <Programs request={request} onClose={() => setShown(false)} />}
    </>
  );
}

function Hit({ clip, query, isNamed }: { clip: Clip; query: Query; isNamed: boolean }) {
  const address = `/indexes/${query.index}/videos/${clip.video_id}?${writeQuery(query)}&t=${clip.start}`;
  const span = `${time(clip.start)} – ${time(clip.end)}`;
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
        {texts.map(text => (
          <blockquote key={text}>{highlight(text, query.words).map((part, i) => part.isHit ? <mark key={i}>{part.text}</mark> : part.text)}</blockquote>
        ))}
      </div>
    </li>
  );
}

function VideoName({ index, video }: { index: string; video: string }) {
  const [name, setName] = useState('…');
  useEffect(() => {
    let isGone = false;
    void videoName(index, video).then(text => { if (!isGone) setName(text); });
    return () => { isGone = true; };
  }, [index, video]);
  return <>{name}</>;
}

function Programs({ request, onClose }: { request: ReturnType<typeof requestOf>; onClose: () => void }) {
  const texts = programs(request, window.location.origin);
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
