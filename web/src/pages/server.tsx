import { useEffect } from 'preact/hooks';
import { get, type ActivityHour, type ServerState, type Task } from '../lib/api';
import { bytes, hours, many, moment } from '../lib/format';
import { optionName } from '../lib/options';
import { Bars } from '../parts/chart';
import { Loading, Notice, Progress, useLoad, usePageTitle } from '../parts/ui';

const states: Record<Task['status'], string> = {
  validating: 'Being checked', pending: 'Waiting', indexing: 'Being indexed', ready: 'Ready', failed: 'Failed',
};

/** Milliseconds between two requests. */
const pause = 5000;

/** Milliseconds between two requests for the last hours. */
const longPause = 60_000;

/** For the operator: what the server does, what it runs on, and what went wrong. */
export function Server() {
  usePageTitle('Server');
  const { data, error, reload } = useLoad(signal => get<ServerState>('/app/server', signal), []);
  useEffect(() => {
    const timer = window.setInterval(() => { if (!document.hidden) reload(); }, pause);
    return () => window.clearInterval(timer);
  }, []);
  if (!data) return error ? <Notice>{error}</Notice> : <Loading />;
  return (
    <div class="page">
      <div class="head">
        <div><h1>Server</h1><p class="soft wrap">Version {data.version}</p></div>
        <a class="button" href="/app/jobs">Background jobs</a>
      </div>
      {error && <Notice>{error}</Notice>}
      {data.vector_columns && <Notice>{data.vector_columns}</Notice>}
      <section class="tiles" aria-label="Tasks">
        {(Object.keys(states) as Task['status'][]).map(state => (
          <div key={state} class="card tile"><b>{data.tasks[state].toLocaleString()}</b><span>{states[state]}</span></div>
        ))}
      </section>
      <Activity />
      <section class="card panel">
        <h2>Models</h2>
        {!data.models_checked && <p class="soft">The models are still being loaded and tried.</p>}
        <table class="rows">
          <thead><tr><th scope="col">Part</th><th scope="col">State</th><th scope="col">Details</th></tr></thead>
          <tbody>{data.models.map(model => (
            <tr key={model.name}>
              <th scope="row">{model.name.slice(model.name.indexOf(':') + 1)}</th>
              <td data-label="State"><span class={`chip ${model.ok ? 'good' : 'bad'}`}>{model.ok ? 'Works' : 'Does not work'}</span></td>
              <td data-label="Details">{model.detail}</td>
            </tr>
          ))}</tbody>
        </table>
        <p class="soft"><code>./vu models fetch</code> downloads better models. <code>./vu doctor</code> finds what is missing.</p>
      </section>
      <section class="card panel">
        <h2>Disk</h2>
        <p>{bytes(data.disk.videos)} of videos{data.disk.quota ? ` of ${bytes(data.disk.quota)} allowed` : ''}, {bytes(data.disk.free)} free</p>
        <Progress label="Used by videos" value={100 * data.disk.videos / Math.max(1, data.disk.quota ?? data.disk.videos + data.disk.free)} />
      </section>
      {data.failures.length > 0 && (
        <section class="card panel">
          <h2>The last failures</h2>
          <table class="rows">
            <thead><tr><th scope="col">When</th><th scope="col">File</th><th scope="col">Reason</th></tr></thead>
            <tbody>{data.failures.map(failure => (
              <tr key={failure.task_id}>
                <td data-label="When">{moment(failure.at)}</td>
                <th scope="row">{failure.filename}</th>
                <td data-label="Reason">{failure.reason} <span class="soft">({failure.code}, task <code>{failure.task_id}</code>)</span></td>
              </tr>
            ))}</tbody>
          </table>
        </section>
      )}
      <section class="card panel">
        <h2>{many(data.index_count, 'index', 'indexes')}</h2>
        {data.index_count > data.indexes.length && <p class="soft">The {data.indexes.length} that changed last are shown.</p>}
        {data.indexes.length > 0 && (
          <table class="rows">
            <thead><tr><th scope="col">Name</th><th scope="col">Account</th><th scope="col">Recognizes</th><th scope="col">Videos</th>
              <th scope="col">Duration</th></tr></thead>
            <tbody>{data.indexes.map((index, i) => (
              <tr key={i}>
                <th scope="row">{index.name}</th>
                <td data-label="Account">{index.account}</td>
                <td data-label="Recognizes">{index.options.map(optionName).join(', ')}</td>
                <td data-label="Videos">{index.videos.toLocaleString()}</td>
                <td data-label="Duration">{hours(index.duration)}</td>
              </tr>
            ))}</tbody>
          </table>
        )}
      </section>
    </div>
  );
}

/** The queue and the throughput of the last 24 hours. */
function Activity() {
  const { data, error, reload } = useLoad(signal => get<{ hours: ActivityHour[] }>('/app/server/activity', signal), []);
  useEffect(() => {
    const timer = window.setInterval(() => { if (!document.hidden) reload(); }, longPause);
    return () => window.clearInterval(timer);
  }, []);
  if (!data) return error ? <Notice>{error}</Notice> : <Loading />;
  const hour = (start: string) => new Date(start).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  const sum = (value: (one: ActivityHour) => number) => data.hours.reduce((total, one) => total + value(one), 0);
  const failed = sum(one => one.failed);
  return (
    <section class="card panel">
      <h2>The last 24 hours</h2>
      <div class="charts">
        <Bars title="Queue" summary={`${many(data.hours.at(-1)?.queued ?? 0, 'task')} now, at most ${Math.max(0, ...data.hours.map(one => one.queued))}`}
          bars={data.hours.map(one => ({ label: hour(one.start), value: one.queued }))} />
        <Bars title="Finished" summary={`${many(sum(one => one.ready), 'video')} of ${hours(sum(one => one.duration))}${failed ? `, ${failed} failed` : ''}`}
          bars={data.hours.map(one => ({ label: hour(one.start), value: one.ready + one.failed, bad: one.failed }))} />
      </div>
      <details>
        <summary>As a table</summary>
        <table class="rows">
          <thead><tr><th scope="col">From</th><th scope="col">In the queue at the end</th><th scope="col">Ready</th><th scope="col">Failed</th>
            <th scope="col">Duration of the ready ones</th></tr></thead>
          <tbody>{data.hours.map(one => (
            <tr key={one.start}>
              <th scope="row">{hour(one.start)}</th>
              <td data-label="In the queue at the end">{one.queued}</td>
              <td data-label="Ready">{one.ready}</td>
              <td data-label="Failed">{one.failed}</td>
              <td data-label="Duration">{hours(one.duration)}</td>
            </tr>
          ))}</tbody>
        </table>
      </details>
    </section>
  );
}
