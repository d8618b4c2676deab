import { useState } from 'preact/hooks';
import { all, post, put, remove, type Answer, type Body, type Index, type Option } from '../lib/api';
import { hours, many } from '../lib/format';
import { optionName, options } from '../lib/options';
import { navigate } from '../lib/router';
import { Confirm, Dialog, Empty, Field, Loading, Notice, useAction, useLoad, usePageTitle } from '../parts/ui';

const most = 1000;

export function Library() {
  usePageTitle('Library');
  const { data, error, reload } = useLoad(signal => all<Answer<'listIndexes'>>('/v1.1/indexes?sort_by=created_at', most, signal), []);
  const [isCreating, setCreating] = useState(false);
  const [renamed, setRenamed] = useState<Index>();
  const [deleted, setDeleted] = useState<Index>();
  const totals = data?.rows.reduce((sum, index) => ({
    videos: sum.videos + index.video_count, seconds: sum.seconds + index.total_duration,
  }), { videos: 0, seconds: 0 });
  return (
    <div class="page">
      <div class="head">
        <div>
          <h1>Library</h1>
          {totals && data!.total > 0 && (
            <p class="soft">{many(data!.total, 'index', 'indexes')}, {many(totals.videos, 'video')}, {hours(totals.seconds)}</p>
          )}
        </div>
        <button type="button" class="primary" onClick={() => setCreating(true)}>New index</button>
      </div>
      {error && <Notice>{error}</Notice>}
      {!data && !error && <Loading />}
      {data?.rows.length === 0 && (
        <Empty title="Create your first index">
          <p>An index is a set of videos that are searched together. You choose what is recognized in them.</p>
          <button type="button" class="primary" onClick={() => setCreating(true)}>New index</button>
        </Empty>
      )}
      {data && data.rows.length > 0 && (
        <ul class="indexes">{data.rows.map(index => (
          <li key={index._id} class="card">
            <h2><a href={`/indexes/${index._id}`}>{index.index_name}</a></h2>
            <p class="figures"><span><b>{index.video_count.toLocaleString()}</b> {index.video_count === 1 ? 'video' : 'videos'}</span>
              <span><b>{hours(index.total_duration)}</b></span></p>
            <p class="chips">{index.index_options.map(option => <span key={option} class="chip">{optionName(option)}</span>)}</p>
            <div class="row actions">
              <a class="button small" href={`/search?index=${index._id}`} aria-label={`Search in ${index.index_name}`}>Search</a>
              <span class="row">
                <button type="button" class="quiet small" aria-label={`Rename ${index.index_name}`}
                  onClick={() => setRenamed(index)}>Rename</button>
                <button type="button" class="quiet small" aria-label={`Delete ${index.index_name}`}
                  onClick={() => setDeleted(index)}>Delete</button>
              </span>
            </div>
          </li>
        ))}</ul>
      )}
      {isCreating && <CreateIndex onClose={() => setCreating(false)} />}
      {renamed && <RenameIndex index={renamed} onClose={() => setRenamed(undefined)} onDone={reload} />}
      {deleted && (
        <Confirm title={`Delete “${deleted.index_name}”?`} action="Delete the index" onClose={() => setDeleted(undefined)}
          onConfirm={async () => { await remove(`/v1.1/indexes/${deleted._id}`); reload(); }}>
          <p>{deleted.video_count === 0 ? 'The index has no videos.'
            : `${many(deleted.video_count, 'video')} and all that is known about ${deleted.video_count === 1 ? 'it' : 'them'} will be deleted.`}
            {' '}This cannot be undone.</p>
        </Confirm>
      )}
    </div>
  );
}

function CreateIndex({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<Option[]>(['visual', 'conversation', 'text_in_video']);
  const { run, busy, error } = useAction();
  const toggle = (option: Option) => setChosen(chosen.includes(option) ? chosen.filter(one => one !== option) : [...chosen, option]);
  const submit = (event: Event) => {
    event.preventDefault();
    void run(async () => {
      if (chosen.length === 0) throw new Error('Choose at least one thing that is recognized.');
      const { _id } = await post<Answer<'createIndex'>>('/v1.1/indexes', {
        engine_id: 'marengo2', index_name: name.trim(), index_options: chosen, addons: ['thumbnail'],
      } satisfies Body<'createIndex'>);
      navigate(`/indexes/${_id}`);
    });
  };
  return (
    <Dialog title="New index" onClose={onClose}>
      <form onSubmit={submit}>
        <Field label="Name">{id => (
          <input id={id} required maxLength={255} value={name} autofocus onInput={event => setName(event.currentTarget.value)} />
        )}</Field>
        <fieldset>
          <legend>What is recognized</legend>
          {(Object.keys(options) as Option[]).map(option => (
            <div key={option} class="choice">
              <input type="checkbox" id={`option-${option}`} checked={chosen.includes(option)} aria-describedby={`about-${option}`}
                onChange={() => toggle(option)} />
              <label for={`option-${option}`}>{options[option].name}</label>
              <p class="hint" id={`about-${option}`}>{options[option].explanation}</p>
            </div>
          ))}
        </fieldset>
        <p class="hint">Each choice takes more time for every video. It cannot be changed later.</p>
        {error && <Notice>{error}</Notice>}
        <footer>
          <button type="button" onClick={onClose}>Cancel</button>
          <button type="submit" class="primary" disabled={busy}>Create</button>
        </footer>
      </form>
    </Dialog>
  );
}

function RenameIndex({ index, onClose, onDone }: { index: Index; onClose: () => void; onDone: () => void }) {
  const [name, setName] = useState(index.index_name);
  const { run, busy, error } = useAction();
  const submit = (event: Event) => {
    event.preventDefault();
    void run(async () => {
      await put(`/v1.1/indexes/${index._id}`, { index_name: name.trim() } satisfies Body<'updateIndex'>);
      onDone();
      onClose();
    });
  };
  return (
    <Dialog title="Rename the index" onClose={onClose}>
      <form onSubmit={submit}>
        <Field label="Name">{id => (
          <input id={id} required maxLength={255} value={name} autofocus onInput={event => setName(event.currentTarget.value)} />
        )}</Field>
        {error && <Notice>{error}</Notice>}
        <footer>
          <button type="button" onClick={onClose}>Cancel</button>
          <button type="submit" class="primary" disabled={busy}>Rename</button>
        </footer>
      </form>
    </Dialog>
  );
}
