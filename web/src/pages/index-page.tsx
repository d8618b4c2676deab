import { useMemo, useState } from 'preact/hooks';
import { all, get, picture, remove, type Answer, type Video, type VideoList } from '../lib/api';
import { bytes, day, hours, many, time } from '../lib/format';
import { optionName } from '../lib/options';
import { nameOf } from '../lib/search';
import { useTasks } from '../lib/tasks';
import { useUploads } from '../lib/uploads';
import { Confirm, Empty, Field, Loading, Notice, useLoad, usePageTitle } from '../parts/ui';
import { AddVideos } from './add-videos';
import { Work } from './work';

/** Videos that a page holds. */
const most = 2000;

const orders = {
  newest: { name: 'Newest first', compare: (a: Video, b: Video) => b.created_at.localeCompare(a.created_at) },
  oldest: { name: 'Oldest first', compare: (a: Video, b: Video) => a.created_at.localeCompare(b.created_at) },
  name: { name: 'Name', compare: (a: Video, b: Video) => nameOf(a).localeCompare(nameOf(b), undefined, { numeric: true }) },
  longest: { name: 'Longest first', compare: (a: Video, b: Video) => (b.metadata.duration ?? 0) - (a.metadata.duration ?? 0) },
};
type Order = keyof typeof orders;

export function IndexPage({ id }: { id: string }) {
  const { data: index, error, reload: reloadIndex } = useLoad(signal => get<Answer<'retrieveIndex'>>(`/v1.1/indexes/${id}`, signal), [id]);
  const { data: videos, error: videoError, reload: reloadVideos } = useLoad(
    signal => all<VideoList>(`/v1.1/indexes/${id}/videos`, most, signal), [id]);
  usePageTitle(index?.index_name ?? 'Index');
  const uploads = useUploads(id);
  const tasks = useTasks(id, uploads.filter(upload => upload.state === 'done').length, () => { reloadIndex(); reloadVideos(); });
  const [words, setWords] = useState('');
  const [order, setOrder] = useState<Order>('newest');
  const [deleted, setDeleted] = useState<Video>();
  const ready = useMemo(() => (videos?.rows ?? []).filter(video => video.indexed_at), [videos]);
  const shown = useMemo(() => ready.filter(video => includes(video, words)).sort(orders[order].compare), [ready, words, order]);

  if (error) return <Empty title="This index cannot be shown"><p>{error}</p><a href="/">Go to the library</a></Empty>;
  if (!index) return <Loading />;
  return (
    <div class="page">
      <div class="head">
        <div>
          <p class="back"><a href="/">Library</a></p>
          <h1>{index.index_name}</h1>
          <p class="soft">{many(index.video_count, 'video')}, {hours(index.total_duration)}</p>
          <p class="chips">{index.index_options.map(option => <span key={option} class="chip">{optionName(option)}</span>)}</p>
        </div>
        {index.video_count > 0 && <a class="button primary" href={`/search?index=${id}`}>Search in this index</a>}
      </div>
      <AddVideos indexId={id} />
      <Work uploads={uploads} tasks={tasks.unfinished} failed={tasks.failed} onChange={tasks.reload} />
      {videoError && <Notice>{videoError}</Notice>}
      {tasks.error && <Notice>{tasks.error}</Notice>}
      {!videos && !videoError && <Loading />}
      {ready.length > 0 && (
        <>
          <div class="tools">
            <Field label="Filter by name">{field => (
              <input id={field} type="search" value={words} onInput={event => setWords(event.currentTarget.value)} />
            )}</Field>
            <Field label="Order">{field => (
              <select id={field} value={order} onChange={event => setOrder(event.currentTarget.value as Order)}>
                {(Object.keys(orders) as Order[]).map(key => <option key={key} value={key}>{orders[key].name}</option>)}
              </select>
            )}</Field>
            <p class="soft" role="status">{words && `${many(shown.length, 'video')} of ${ready.length}`}</p>
          </div>
          {videos!.total > videos!.rows.length && (
            <Notice kind="info">The newest {many(videos!.rows.length, 'video')} of {videos!.total.toLocaleString()} are shown.</Notice>
          )}
          {shown.length === 0 ? <Empty title="No video has such a name" /> : (
            <ul class="videos">{shown.map(video => (
              <li key={video._id} class="card video">
                <div class="picture">
                  <img class="still" src={picture(video._id)} alt="" loading="lazy" />
                  <span class="length">{time(video.metadata.duration ?? 0)}</span>
                </div>
                <div class="text">
                  <div class="grow">
                    <h3><a href={`/indexes/${id}/videos/${video._id}`}>{nameOf(video)}</a></h3>
                    <p class="soft">{day(video.created_at)}{video.metadata.size ? `, ${bytes(video.metadata.size)}` : ''}</p>
                  </div>
                  <button type="button" class="quiet small" aria-label={`Delete ${nameOf(video)}`}
                    onClick={() => setDeleted(video)}>Delete</button>
                </div>
              </li>
            ))}</ul>
          )}
        </>
      )}
      {deleted && (
        <Confirm title={`Delete “${nameOf(deleted)}”?`} action="Delete the video" onClose={() => setDeleted(undefined)}
          onConfirm={async () => {
            await remove(`/v1.1/indexes/${id}/videos/${deleted._id}`);
            reloadVideos();
            reloadIndex();
          }}>
          <p>The video and all that is known about it will be deleted. This cannot be undone.</p>
        </Confirm>
      )}
    </div>
  );
}

function includes(video: Video, words: string): boolean {
  const text = `${video.metadata.title ?? ''} ${video.metadata.filename}`.toLocaleLowerCase();
  return words.toLocaleLowerCase().split(/\s+/).every(word => text.includes(word));
}
