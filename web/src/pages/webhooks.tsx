import { Fragment } from 'preact';
import { useState } from 'preact/hooks';
import { get, post, put, remove, type Answer, type Attempt, type Body, type Webhook } from '../lib/api';
import { moment } from '../lib/format';
import { Confirm, Copy, Dialog, Empty, Field, Loading, Notice, useAction, useLoad, usePageTitle } from '../parts/ui';

const events: { id: Webhook['events'][number]; name: string }[] = [
  { id: 'index.task.ready', name: 'A video is ready' },
  { id: 'index.task.failed', name: 'A video has failed' },
];

/** Milliseconds between two requests for the result of a test, and the maximum number of requests. */
const testPause = 500;
const maxRequests = 60;

export function Webhooks() {
  usePageTitle('Webhooks');
  const { data, error, reload } = useLoad(signal => get<Answer<'listWebhooks'>>('/admin/webhooks?page_limit=50', signal), []);
  const [isAdding, setAdding] = useState(false);
  const [secretOf, setSecretOf] = useState<Webhook>();
  const [logOf, setLogOf] = useState<Webhook>();
  const [removed, setRemoved] = useState<Webhook>();
  const [tested, setTested] = useState<{ webhook: Webhook; attempt: Attempt | undefined }>();
  const { run, busy, error: failure } = useAction();
  return (
    <div class="page">
      <div class="head">
        <div><h1>Webhooks</h1><p class="soft">The server sends a signed notification to these addresses when a video is ready or has failed.</p></div>
        <button type="button" class="primary" onClick={() => setAdding(true)}>New webhook</button>
      </div>
      {(error ?? failure) && <Notice>{error ?? failure}</Notice>}
      {!data && !error && <Loading />}
      {data?.data.length === 0 && <Empty title="No webhooks yet"><p>With a webhook, programs need not ask again and again whether a video is ready.</p></Empty>}
      {data && data.data.length > 0 && (
        <ul class="page">{data.data.map(webhook => (
          <li key={webhook._id} class="card panel">
            <div class="row">
              <h2 class="grow"><code class="wrap">{webhook.url}</code></h2>
              <span class={`chip ${webhook.enabled ? 'good' : 'warn'}`}>{webhook.enabled ? 'Enabled' : 'Disabled'}</span>
            </div>
            <p class="chips">{webhook.events.map(id => <span key={id} class="chip">{events.find(one => one.id === id)?.name ?? id}</span>)}</p>
            <div class="row" role="group" aria-label={`Actions of ${webhook.url}`}>
              <button type="button" class="small" disabled={busy || !webhook.enabled} onClick={() => run(async () => {
                setTested(undefined);
                setTested({ webhook, attempt: await sendTest(webhook) });
              })}>Send a test</button>
              <button type="button" class="small" onClick={() => setLogOf(webhook)}>Log</button>
              <button type="button" class="small" onClick={() => setSecretOf(webhook)}>Secret</button>
              <button type="button" class="small" disabled={busy} onClick={() => run(async () => {
                await put(`/admin/webhooks/${webhook._id}`, { enabled: !webhook.enabled } satisfies Body<'updateWebhook'>);
                reload();
              })}>{webhook.enabled ? 'Disable' : 'Enable'}</button>
              <button type="button" class="small" onClick={() => setRemoved(webhook)}>Remove</button>
            </div>
            {tested?.webhook._id === webhook._id && <TestResult attempt={tested.attempt} />}
          </li>
        ))}</ul>
      )}
      {isAdding && <AddWebhook onClose={() => setAdding(false)} onDone={reload} />}
      {secretOf && <Secret webhook={secretOf} onClose={() => setSecretOf(undefined)} />}
      {logOf && <Log webhook={logOf} onClose={() => setLogOf(undefined)} />}
      {removed && (
        <Confirm title="Remove the webhook?" action="Remove" onClose={() => setRemoved(undefined)}
          onConfirm={async () => { await remove(`/admin/webhooks/${removed._id}`); reload(); }}>
          <p><code class="wrap">{removed.url}</code> gets no more notifications. Its log is deleted.</p>
        </Confirm>
      )}
    </div>
  );
}

/** Sends a test notification and waits for what the log says about it; undefined if nothing does for a while. */
async function sendTest(webhook: Webhook): Promise<Attempt | undefined> {
  const { event_id } = await post<Answer<'testWebhook'>>(`/admin/webhooks/${webhook._id}/test`);
  for (let requests = 0; requests < maxRequests; requests++) {
    const { data } = await get<Answer<'listAttempts'>>(`/admin/webhooks/${webhook._id}/attempts?event_id=${event_id}`);
    if (data[0]) return data[0];
    await new Promise(resume => setTimeout(resume, testPause));
  }
  return undefined;
}

function TestResult({ attempt }: { attempt: Attempt | undefined }) {
  if (!attempt) return <Notice kind="info">The test has not been sent yet, because the server is busy. The log will show its result.</Notice>;
  return attempt.delivered
    ? <Notice kind="success">The test was delivered: the address answered with status {attempt.status} after {attempt.duration.toFixed(2)} s.</Notice>
    : <Notice>The test was not delivered. {attempt.error}</Notice>;
}

function AddWebhook({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [url, setUrl] = useState('');
  const [chosen, setChosen] = useState(events.map(event => event.id));
  const { run, busy, error } = useAction();
  return (
    <Dialog title="New webhook" onClose={onClose}>
      <form onSubmit={event => {
        event.preventDefault();
        void run(async () => {
          await post('/admin/webhooks', { url: url.trim(), events: chosen } satisfies Body<'createWebhook'>);
          onDone();
          onClose();
        });
      }}>
        <Field label="Address" hint="Takes POST requests and answers with a status of 200 to 299.">{(id, hint) => (
          <input id={id} aria-describedby={hint} type="url" required autofocus placeholder="https://example.org/hook" value={url}
            onInput={event => setUrl(event.currentTarget.value)} />
        )}</Field>
        <fieldset>
          <legend>Notifications</legend>
          {events.map(({ id, name }) => (
            <div key={id} class="choice">
              <input type="checkbox" id={id} checked={chosen.includes(id)} onChange={event => setChosen(
                event.currentTarget.checked ? [...chosen, id] : chosen.filter(one => one !== id))} />
              <label for={id}>{name}</label>
            </div>
          ))}
        </fieldset>
        {error && <Notice>{error}</Notice>}
        <footer><button type="button" onClick={onClose}>Cancel</button><button type="submit" class="primary" disabled={busy}>Add</button></footer>
      </form>
    </Dialog>
  );
}

function Secret({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { data, error, reload } = useLoad(signal => get<Answer<'retrieveSecret'>>(`/admin/webhooks/${webhook._id}/secret`, signal), []);
  const { run, busy, error: failure } = useAction();
  return (
    <Dialog title="Secret of the webhook" onClose={onClose}>
      <div class="body">
        <p>Every notification is signed with this secret. The receiver checks the header <code>TL-Signature</code>.</p>
        {data && <code class="secret">{data.secret}</code>}
        {(error ?? failure) && <Notice>{error ?? failure}</Notice>}
        <p class="soft">After “Replace”, notifications are signed with the new secret only.</p>
      </div>
      <footer>
        {data && <Copy text={data.secret} />}
        <button type="button" class="danger" disabled={busy} onClick={() => run(async () => {
          await post(`/admin/webhooks/${webhook._id}/rotate`);
          reload();
        })}>Replace</button>
        <button type="button" class="primary" onClick={onClose}>Done</button>
      </footer>
    </Dialog>
  );
}

function Log({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { data, error, reload } = useLoad(
    signal => get<Answer<'listAttempts'>>(`/admin/webhooks/${webhook._id}/attempts?page_limit=50`, signal), []);
  const { run, busy, error: failure } = useAction();
  const [isSending, setSending] = useState(false);
  const [bodyOf, setBodyOf] = useState<string>();
  return (
    <Dialog title="Log of the webhook" onClose={onClose} wide>
      <div class="body">
        <p><code class="wrap">{webhook.url}</code></p>
        {(error ?? failure) && <Notice>{error ?? failure}</Notice>}
        {isSending && <Notice kind="success">The notification is being sent again. Press “Refresh” to see the result.</Notice>}
        {data?.data.length === 0 && <p class="empty">Nothing has been sent yet.</p>}
        {data && data.data.length > 0 && (
          <table class="rows">
            <thead><tr><th scope="col">Sent</th><th scope="col">Result</th><th scope="col">Seconds</th>
              <th scope="col"><span class="visually-hidden">Actions</span></th></tr></thead>
            <tbody>{data.data.map(attempt => <Fragment key={attempt._id}>
              <tr>
                <th scope="row">{moment(attempt.sent_at)}</th>
                <td data-label="Result">
                  <span class={`chip ${attempt.delivered ? 'good' : 'bad'}`}>{attempt.status ?? 'No answer'}</span> {attempt.error}
                </td>
                <td data-label="Seconds">{attempt.duration.toFixed(2)}</td>
                <td><span class="row">
                  <button type="button" class="small" aria-expanded={bodyOf === attempt._id}
                    onClick={() => setBodyOf(bodyOf === attempt._id ? undefined : attempt._id)}>Body</button>
                  <button type="button" class="small" disabled={busy || !webhook.enabled} onClick={() => run(async () => {
                    await post(`/admin/webhooks/events/${attempt.event_id}/replay`,
                      { webhook_id: webhook._id } satisfies Body<'replayEvent'>);
                    setSending(true);
                    reload();
                  })}>Send again</button>
                </span></td>
              </tr>
              {bodyOf === attempt._id && <tr><td colSpan={4}><EventBody id={attempt.event_id} /></td></tr>}
            </Fragment>)}</tbody>
          </table>
        )}
      </div>
      <footer><button type="button" onClick={reload}>Refresh</button><button type="button" class="primary" onClick={onClose}>Done</button></footer>
    </Dialog>
  );
}

/** The JSON text that was sent, with line breaks. All attempts for an event send the same text. */
function EventBody({ id }: { id: string }) {
  const { data, error } = useLoad(signal => get<Answer<'retrieveEvent'>>(`/admin/webhooks/events/${id}`, signal), [id]);
  if (error) return <Notice>{error}</Notice>;
  return data ? <pre tabIndex={0} role="region" aria-label="Body of the notification">{JSON.stringify(JSON.parse(data.body), null, 2)}</pre> : <Loading />;
}
