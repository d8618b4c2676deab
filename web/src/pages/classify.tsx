import { useState } from 'preact/hooks';
import {
  get, post, type ClassifiedVideo, type ClassifyAnswer, type ClassifyRequest, type Index, type Option, type Threshold,
} from '../lib/api';
import { save } from '../lib/export';
import { many, span } from '../lib/format';
import { navigate } from '../lib/router';
import { programs } from '../lib/programs';
import { Programs, VideoName } from '../parts/results';
import { Empty, Field, Notice, useAction, useAddressState, useLoad } from '../parts/ui';
import { ChooseConfidence, ChooseIndex, ChooseOptions, chosenIndex, SearchFrame } from './search';

const path = '/v1.1/classify/bulk';

/** Scores at which the levels of confidence begin; "low" is the server's own choice. */
const levels: Record<string, number> = { none: 0, medium: 73, high: 83 };

/** Parts of a video that a label must cover, 0 to 1. */
const shares: Record<string, string> = { '0': 'Any part of the video', '0.1': 'A tenth of the video', '0.5': 'Half of the video' };

interface Asked { index: string; labels: string; options: Option[]; threshold: Threshold; share: string }

/** Labels that the user enters, and how well they fit the videos of an index. */
export function Classify({ parameters }: { parameters: URLSearchParams }) {
  return <SearchFrame title="Labels">{indexes => <ClassifyIn indexes={indexes} parameters={parameters} />}</SearchFrame>;
}

function ClassifyIn({ indexes, parameters }: { indexes: Index[]; parameters: URLSearchParams }) {
  const address = parameters.toString();
  const asked = filled(indexes, {
    index: parameters.get('index') ?? '', labels: parameters.get('labels') ?? '',
    options: (parameters.get('options')?.split(',').filter(Boolean) ?? []) as Option[],
    threshold: (parameters.get('threshold') ?? 'low') as Threshold,
    share: parameters.get('share') ?? '0',
  });
  const [entered, setEntered] = useAddressState(address, () => asked);
  const index = indexes.find(one => one._id === entered.index)!;
  const submit = (event: Event) => {
    event.preventDefault();
    navigate(`/classify?${new URLSearchParams({ ...entered, options: entered.options.join(',') })}`);
  };
  return (
    <>
      <form class="card query" onSubmit={submit}>
        <Field label="Labels" hint="One on each line. After a colon may stand what belongs to it: cooking: a person cooks; food in a pan">{(id, hint) => (
          <textarea id={id} aria-describedby={hint} rows={4} required value={entered.labels}
            placeholder={'a beach\ncooking: a person cooks; food in a pan'}
            onInput={event => setEntered({ ...entered, labels: event.currentTarget.value })} />
        )}</Field>
        <div class="settings">
          <ChooseIndex indexes={indexes} value={entered.index} onChange={id => setEntered(filled(indexes, { ...entered, index: id }))} />
          <ChooseConfidence value={entered.threshold} onChange={threshold => setEntered({ ...entered, threshold })} />
          <Field label="A label covers at least">{id => (
            <select id={id} value={entered.share} onChange={event => setEntered({ ...entered, share: event.currentTarget.value })}>
              {Object.entries(shares).map(([value, name]) => <option key={value} value={value}>{name}</option>)}
            </select>
          )}</Field>
          <fieldset>
            <legend>Judge by</legend>
            <ChooseOptions index={index} value={entered.options} onChange={options => setEntered({ ...entered, options })} />
          </fieldset>
          <button type="submit" class="primary">Classify the videos</button>
        </div>
      </form>
      {asked.labels && <Labelled key={address} asked={asked} />}
    </>
  );
}

function filled(indexes: Index[], asked: Asked): Asked {
  const index = chosenIndex(indexes, asked.index);
  const options = asked.options.filter(option => index.index_options.some(one => one === option));
  return {
    ...asked, index: index._id, options: options.length > 0 ? options : [...index.index_options],
    share: asked.share in shares ? asked.share : '0',
  };
}

/** "name: prompt; prompt" on each line; without prompts, the name is the prompt. */
const labelsOf = (text: string) => text.split('\n').map(line => line.trim()).filter(Boolean).map(line => {
  const [, name, rest] = /^([^:]+):(.*)$/.exec(line) ?? [, line, ''];
  const prompts = rest!.split(';').map(prompt => prompt.trim()).filter(Boolean);
  return { name: name!.trim(), prompts: prompts.length > 0 ? prompts : [name!.trim()] };
});

function Labelled({ asked }: { asked: Asked }) {
  const level = levels[asked.threshold];
  const request: ClassifyRequest = {
    index_id: asked.index, options: asked.options, labels: labelsOf(asked.labels),
    threshold: { ...(level === undefined ? {} : { min_clip_score: level }), min_duration_ratio: Number(asked.share) },
  };
  const { data: first, error } = useLoad(() => post<ClassifyAnswer>(path, request), []);
  const [more, setMore] = useState<ClassifyAnswer[]>([]);
  const [isShown, setShown] = useState(false);
  const { run, busy, error: moreError } = useAction();
  if (error) return <Notice>{error}</Notice>;
  if (!first) return <p class="loading" role="status">Classifying …</p>;
  const pages = [first, ...more];
  const videos = pages.flatMap(page => page.data);
  const token = pages.at(-1)!.page_info.next_page_token;
  const total = first.page_info.total_results;
  return (
    <>
      <div class="head">
        <p role="status">{total === 0 ? 'No label fits a video' : `Labels for ${many(total, 'video')}`}</p>
        <div class="row">
          {total > 0 && <button type="button" class="small" aria-label="Export as JSON"
            onClick={() => save('labels.json', `${JSON.stringify(videos, null, 2)}\n`, 'application/json')}>JSON</button>}
          <button type="button" class="small" onClick={() => setShown(true)}>Show as curl, Python, C#</button>
        </div>
      </div>
      {total === 0 && <Empty title="No label fits a video"><p>Describe the labels in other words, or choose a lower confidence.</p></Empty>}
      {videos.map(video => <Labels key={video.video_id} video={video} index={asked.index} />)}
      {moreError && <Notice>{moreError}</Notice>}
      {token && <div class="row"><button type="button" disabled={busy}
        onClick={() => run(async () => setMore([...more, await get<ClassifyAnswer>(`/v1.1/classify/${token}`)]))}>Show more</button></div>}
      {isShown && <Programs texts={programs(path, request, window.location.origin)} onClose={() => setShown(false)} />}
    </>
  );
}

function Labels({ video, index }: { video: ClassifiedVideo; index: string }) {
  return (
    <section class="card panel labelled">
      <h2><a href={`/indexes/${index}/videos/${video.video_id}`}><VideoName index={index} video={video.video_id} /></a></h2>
      <ul>{video.labels.map(label => (
        <li key={label.name}>
          <span class="name">{label.name}</span>
          <span class="bar-track" aria-hidden="true"><i style={{ width: `${Math.min(100, label.max_score)}%` }} /></span>
          <span class="soft">score {label.max_score.toFixed(1)}, {span(label.duration)} ({Math.round(100 * label.duration_ratio)} %)</span>
        </li>
      ))}</ul>
    </section>
  );
}
