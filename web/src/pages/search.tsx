import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { all, type Answer, type Index, type Option, type Threshold } from '../lib/api';
import { optionName } from '../lib/options';
import { firstPicture, keep, kinds, pictureOf } from '../lib/pictures';
import { navigate } from '../lib/router';
import { addressOf, isAsked, readQuery, type Query } from '../lib/search';
import { Results } from '../parts/results';
import { Empty, Field, Loading, Notice, useAddressState, useLoad, usePageTitle } from '../parts/ui';

const thresholds: Record<Threshold, string> = { none: 'Everything', low: 'Low or better', medium: 'Medium or better', high: 'High only' };

export function Search({ parameters }: { parameters: URLSearchParams }) {
  return <SearchFrame title="Search">{indexes => <SearchIn indexes={indexes} parameters={parameters} />}</SearchFrame>;
}

/** What the pages below "Search" have in common: the links between them, and the indexes. */
export function SearchFrame({ title, children }: { title: string; children: (indexes: Index[]) => ComponentChildren }) {
  usePageTitle(title);
  const { data: indexes, error } = useLoad(signal => all<Answer<'listIndexes'>>('/v1.1/indexes?sort_by=updated_at', 1000, signal), []);
  if (error) return <Notice>{error}</Notice>;
  if (!indexes) return <Loading />;
  if (indexes.rows.length === 0) {
    return <Empty title="There is nothing to search yet"><p>Create an index and upload a video first.</p><a href="/">Go to the library</a></Empty>;
  }
  return (
    <div class="page">
      <div class="head">
        <h1>{title}</h1>
        <nav class="row" aria-label="Kinds of search">
          {[['/search', 'One text'], ['/combined', 'Combined'], ['/classify', 'Labels']].map(([address, name]) => (
            <a key={address} class="button small" href={address} aria-current={window.location.pathname === address ? 'page' : undefined}>{name}</a>
          ))}
        </nav>
      </div>
      {children(indexes.rows)}
    </div>
  );
}

/** The index with this identifier, else the one with most videos. */
export const chosenIndex = (indexes: Index[], id: string): Index =>
  indexes.find(one => one._id === id) ?? [...indexes].sort((a, b) => b.video_count - a.video_count)[0]!;

export function ChooseIndex({ indexes, value, onChange }: { indexes: Index[]; value: string; onChange: (id: string) => void }) {
  return (
    <Field label="Index">{id => (
      <select id={id} value={value} onChange={event => onChange(event.currentTarget.value)}>
        {indexes.map(one => <option key={one._id} value={one._id}>{one.index_name} ({one.video_count})</option>)}
      </select>
    )}</Field>
  );
}

export function ChooseConfidence({ value, onChange }: { value: Threshold; onChange: (threshold: Threshold) => void }) {
  return (
    <Field label="Confidence">{id => (
      <select id={id} value={value} onChange={event => onChange(event.currentTarget.value as Threshold)}>
        {Object.entries(thresholds).map(([level, name]) => <option key={level} value={level}>{name}</option>)}
      </select>
    )}</Field>
  );
}

export function ChooseGrouping({ value, onChange }: { value: Query['group']; onChange: (group: Query['group']) => void }) {
  return (
    <Field label="Results">{id => (
      <select id={id} value={value} onChange={event => onChange(event.currentTarget.value === 'video' ? 'video' : 'clip')}>
        <option value="clip">Moments</option>
        <option value="video">Grouped by video</option>
      </select>
    )}</Field>
  );
}

/** Checkboxes of which the last one stays: without any option there is nothing to search in. */
export function ChooseOptions({ index, value, onChange }: { index: Index; value: Option[]; onChange: (options: Option[]) => void }) {
  return (
    <>{index.index_options.map(option => (
      <label key={option}>
        <input type="checkbox" checked={value.includes(option)} onChange={event => {
          const rest = value.filter(one => one !== option);
          const options = event.currentTarget.checked ? [...rest, option] : rest;
          if (options.length === 0) event.currentTarget.checked = true;
          else onChange(options);
        }} />
        {optionName(option)}
      </label>
    ))}</>
  );
}

function SearchIn({ indexes, parameters }: { indexes: Index[]; parameters: URLSearchParams }) {
  const asked = readQuery(parameters);
  const address = parameters.toString();
  const filled = (query: Query): Query => {
    const index = chosenIndex(indexes, query.index);
    const options = query.options.filter(option => index.index_options.some(one => one === option));
    return { ...query, index: index._id, options: options.length > 0 ? options : [...index.index_options] };
  };
  const [query, setQuery] = useAddressState(address, () => filled(asked));
  const index = indexes.find(one => one._id === query.index)!;
  const change = (part: Partial<Query>) => setQuery(filled({ ...query, ...part }));
  const submit = (event: Event) => {
    event.preventDefault();
    navigate(addressOf({ ...query, words: query.words.trim() }));
  };
  const isVisual = index.index_options.includes('visual');
  const searchLike = (file: File | undefined) => {
    if (file && isVisual) navigate(addressOf({ ...query, words: '', like: keep(file) }));
  };
  // The picture is searched for as soon as it is chosen; changed settings are sent with the button.
  const picture = query.like && pictureOf(query.like);
  const latest = useRef(searchLike);
  latest.current = searchLike;
  useEffect(() => {
    const paste = (event: ClipboardEvent) => latest.current(firstPicture(event.clipboardData?.files));
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, []);
  return (
    <>
      <form class="card query" role="search" onSubmit={submit} onDragOver={event => event.preventDefault()}
        onDrop={event => {
          event.preventDefault();
          searchLike(firstPicture(event.dataTransfer?.files));
        }}>
        <div class="box">
          {query.like ? (
            <div class="likeness grow">
              {picture ? <img src={picture} alt="The picture that is searched for" /> : <span class="soft">The picture is no longer here.</span>}
              <span class="grow">Moments that look like this picture</span>
              <a class="button small" href={addressOf({ ...query, like: undefined, words: '' })}>Search for words</a>
            </div>
          ) : (
            <input type="search" aria-label="What to search for" required maxLength={2000} autofocus value={query.words}
              placeholder="a dog runs over a path" onInput={event => setQuery({ ...query, words: event.currentTarget.value })} />
          )}
          {isVisual && <PictureButton onChoose={searchLike} />}
          <button type="submit" class="primary">Search</button>
        </div>
        <div class="settings">
          <ChooseIndex indexes={indexes} value={query.index} onChange={id => change({ index: id, options: [] })} />
          <ChooseConfidence value={query.threshold} onChange={threshold => change({ threshold })} />
          <ChooseGrouping value={query.group} onChange={group => change({ group })} />
          {!query.like && <fieldset>
            <legend>Search in</legend>
            <ChooseOptions index={index} value={query.options} onChange={options => setQuery({ ...query, options })} />
            {query.options.includes('conversation') && (
              <label><input type="checkbox" checked={query.exact} onChange={event => change({ exact: event.currentTarget.checked })} />
                Speech word for word</label>
            )}
          </fieldset>}
        </div>
      </form>
      {isAsked(filled(asked)) && <Results key={address} query={filled(asked)} />}
    </>
  );
}

function PictureButton({ onChoose }: { onChoose: (file: File | undefined) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input ref={input} type="file" class="visually-hidden" accept={kinds.join(',')} tabIndex={-1} aria-label="Picture to search for"
        onChange={event => {
          onChoose(event.currentTarget.files?.[0]);
          event.currentTarget.value = '';
        }} />
      <button type="button" title="Choose a picture, or drop or paste one here" onClick={() => input.current?.click()}>By picture</button>
    </>
  );
}
