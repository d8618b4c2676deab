import type { ComponentChildren } from 'preact';
import { get, remove, type Task } from '../lib/api';
import { bytes, span } from '../lib/format';
import { add, drop, retry, sizeOf, uploadOf, type Upload } from '../lib/uploads';
import { Notice, Progress, useAction, useLoad } from '../parts/ui';

const stages: Record<Task['status'], string> = {
  validating: 'Being fetched and checked', pending: 'Waiting for its turn', indexing: 'Being indexed', ready: 'Ready', failed: 'Failed',
};

/** What is being uploaded and indexed, and what failed. */
export function Work({ uploads, tasks, failed, onChange }: {
  uploads: Upload[]; tasks: Task[]; failed: Task[]; onChange: () => void;
}) {
  const { run, busy, error } = useAction();
  const open = uploads.filter(upload => upload.state !== 'done');
  if (open.length + tasks.length + failed.length === 0) return null;
  const forget = (task: Task) => run(async () => {
    await remove(`/v1.1/tasks/${task._id}`);
    const upload = uploadOf(task._id);
    if (upload) drop(upload.id);
    onChange();
  });
  return (
    <section class="card" aria-label="Uploads and indexing">
      <ul class="work">
        {open.map(upload => <UploadRow key={upload.id} upload={upload} />)}
        {tasks.map(task => <TaskRow key={task._id} task={task} />)}
        {failed.map(task => (
          <Row key={task._id} name={task.metadata.filename}
            buttons={<>
              <Again task={task} onDone={() => void forget(task)} />
              <button type="button" class="small" disabled={busy} aria-label={`Remove ${task.metadata.filename}`}
                onClick={() => void forget(task)}>Remove</button>
            </>}>
            <p class="failure">{task.error_reason ?? 'The reason is not known. The log of the server has more.'}</p>
          </Row>
        ))}
      </ul>
      {error && <Notice>{error}</Notice>}
    </section>
  );
}

function Row({ name, buttons, children }: { name: string; buttons?: ComponentChildren; children: ComponentChildren }) {
  return <li><div class="row"><span class="name grow">{name}</span>{buttons && <span class="row">{buttons}</span>}</div>{children}</li>;
}

function UploadRow({ upload }: { upload: Upload }) {
  const size = sizeOf(upload);
  const share = size > 0 ? 100 * upload.sent / size : undefined;
  const seconds = (Date.now() - (upload.begun ?? Date.now())) / 1000;
  const left = upload.sent > 0 && seconds > 2 ? (size - upload.sent) * seconds / upload.sent : undefined;
  const state = upload.state === 'waiting' ? 'Waiting to be uploaded'
    : upload.state === 'sent' ? 'Uploaded, being checked'
    : size === 0 ? 'Sending the address to the server'
    : `${bytes(upload.sent)} of ${bytes(size)}${left === undefined ? '' : `, ${span(left)} left`}`;
  if (upload.state === 'failed') {
    return (
      <Row name={upload.name} buttons={<>
        <button type="button" class="small" aria-label={`Try again: ${upload.name}`} onClick={() => retry(upload.id)}>Try again</button>
        <button type="button" class="small" aria-label={`Remove ${upload.name}`} onClick={() => drop(upload.id)}>Remove</button>
      </>}><p class="failure">{upload.error}</p></Row>
    );
  }
  return (
    <Row name={upload.name} buttons={
      <button type="button" class="quiet small" aria-label={`Cancel the upload of ${upload.name}`}
        onClick={() => drop(upload.id)}>Cancel</button>}>
      <p class="soft">{state}</p>
      {upload.state !== 'waiting' && <Progress value={upload.state === 'sent' ? undefined : share} label={`Upload of ${upload.name}`} />}
    </Row>
  );
}

function TaskRow({ task }: { task: Task }) {
  const process = task.process;
  const details = task.status === 'validating' && process && process.upload_percentage > 0 ? `, ${Math.round(process.upload_percentage)} %`
    : task.status === 'indexing' && process ? `, ${Math.round(process.percentage)} %, about ${span(process.remain_seconds)} left` : '';
  return (
    <Row name={task.metadata.filename}>
      <p class="soft">{stages[task.status]}{details}</p>
      <Progress value={task.status === 'indexing' ? process?.percentage : undefined} label={`Indexing of ${task.metadata.filename}`} />
    </Row>
  );
}

/** Tries a failed task again: with the file, if this window still has it, or with the address that the server was given. The server does
 * not keep the file of a failed task, so otherwise the user chooses it once more. */
function Again({ task, onDone }: { task: Task; onDone: () => void }) {
  const upload = uploadOf(task._id);
  const { data: source } = useLoad(signal => get<{ video_url?: string }>(`/app/tasks/${task._id}/source`, signal), [task._id]);
  const address = source?.video_url;
  if (upload || address) {
    return <button type="button" class="small" aria-label={`Try again: ${task.metadata.filename}`} onClick={() => {
      if (upload) retry(upload.id);
      else add(task.index_id, [address!]);
      onDone();
    }}>Try again</button>;
  }
  return (
    <label class="button small">
      <input type="file" class="visually-hidden" accept="video/*" aria-label={`Choose the file again: ${task.metadata.filename}`}
        onChange={event => {
          const files = [...event.currentTarget.files ?? []];
          if (files.length === 0) return;
          add(task.index_id, files);
          onDone();
        }} />
      Choose the file again
    </label>
  );
}
