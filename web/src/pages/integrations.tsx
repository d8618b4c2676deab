import { useEffect, useState } from 'preact/hooks';
import { all, get, post, put, remove, type Answer, type Index, type Integration, type IntegrationFile } from '../lib/api';
import { save } from '../lib/export';
import { bytes, many, moment } from '../lib/format';
import { Confirm, Dialog, Empty, Field, Loading, Notice, useAction, useLoad, usePageTitle } from '../parts/ui';

/** Milliseconds between two looks while files are listed or indexed. */
const pollPause = 2000;

const states = { unverified: 'Not verified', active: 'Active', failed: 'Failed' };
const stateChips = { unverified: 'warn', active: 'good', failed: 'bad' };
const fileStates = { new: 'New', waiting: 'In work', indexed: 'Indexed', failed: 'Failed', removed: 'Deleted' };
const fileChips = { new: '', waiting: 'warn', indexed: 'good', failed: 'bad', removed: '' };

interface IntegrationList { data: Integration[]; folder_roots?: string[] }

const sourceOf = (one: Integration) => one.kind === 'folder' ? one.folder! : `s3://${one.bucket}/${one.prefix ?? ''}`;

export function Integrations() {
  usePageTitle('Integrations');
  const { data, error, reload } = useLoad(signal => get<IntegrationList>('/app/integrations', signal), []);
  const { data: indexes } = useLoad(signal => all<Answer<'listIndexes'>>('/v1.1/indexes', 1000, signal), []);
  const [edited, setEdited] = useState<Integration | 'bucket' | 'folder'>();
  const isBusy = data?.data.some(one => one.is_synchronising || one.files.waiting > 0);
  useEffect(() => {
    if (!isBusy) return undefined;
    const timer = setTimeout(reload, pollPause);
    return () => clearTimeout(timer);
  }, [data, isBusy]);
  return (
    <div class="page">
      <div class="head">
        <div><h1>Integrations</h1><p class="soft">Buckets and folders whose videos are indexed without an upload.</p></div>
        <span class="row">
          {(data?.folder_roots?.length ?? 0) > 0 && <button type="button" onClick={() => setEdited('folder')}>Watch a folder</button>}
          <button type="button" class="primary" onClick={() => setEdited('bucket')}>Connect a bucket</button>
        </span>
      </div>
      {error && <Notice>{error}</Notice>}
      {!data && !error && <Loading />}
      {data?.data.length === 0 && <Empty title="No integrations yet"><p>Any S3-compatible store can be connected.</p></Empty>}
      {data && data.data.length > 0 && (
        <ul class="page">{data.data.map(one => (
          <Card key={one._id} integration={one} indexes={indexes?.rows ?? []} canEdit={one.kind === 'bucket' || !!data.folder_roots}
            onEdit={() => setEdited(one)} onChange={reload} />
        ))}</ul>
      )}
      {edited && (
        <Edit integration={typeof edited === 'string' ? undefined : edited} kind={typeof edited === 'string' ? edited : edited.kind}
          roots={data?.folder_roots ?? []} indexes={indexes?.rows ?? []} onClose={() => setEdited(undefined)} onDone={reload} />
      )}
    </div>
  );
}

function Card({ integration, indexes, canEdit, onEdit, onChange }: {
  integration: Integration; indexes: Index[]; canEdit: boolean; onEdit: () => void; onChange: () => void;
}) {
  const { run, busy, error } = useAction();
  const [open, setOpen] = useState<'files' | 'transfer' | 'remove'>();
  const { _id: id, files, status } = integration;
  const index = indexes.find(one => one._id === integration.index_id);
  const close = () => setOpen(undefined);
  return (
    <li class="card panel">
      <div class="row">
        <h2 class="grow">{integration.name}</h2>
        <span class={`chip ${stateChips[status]}`}>{states[status]}</span>
      </div>
      <p><code class="wrap">{sourceOf(integration)}</code>{index && <> into <a href={`/indexes/${index._id}`}>{index.index_name}</a></>}</p>
      {integration.reason && <Notice>{integration.reason}</Notice>}
      {error && <Notice>{error}</Notice>}
      {integration.synchronised_at && (
        <>
          <p class="figures">
            <span><b>{files.total.toLocaleString()}</b> {files.total === 1 ? 'file' : 'files'}</span><span><b>{bytes(files.bytes)}</b></span>
            <span><b>{files.new.toLocaleString()}</b> new</span><span><b>{files.indexed.toLocaleString()}</b> indexed</span>
            {files.waiting > 0 && <span><b>{files.waiting.toLocaleString()}</b> in work</span>}
            {files.failed > 0 && <span><b>{files.failed.toLocaleString()}</b> failed</span>}
            {files.removed > 0 && <span><b>{files.removed.toLocaleString()}</b> deleted</span>}
          </p>
          {integration.is_truncated && <Notice kind="info">There are more files than this server lists.</Notice>}
        </>
      )}
      <p class="soft" role="status">{integration.is_synchronising ? 'The files are being listed …'
        : integration.synchronised_at ? `Listed ${moment(integration.synchronised_at)}` : 'The files have not been listed yet.'}</p>
      <div class="row" role="group" aria-label={`Actions of ${integration.name}`}>
        <button type="button" class="small" disabled={busy} onClick={() => run(async () => {
          await post(`/app/integrations/${id}/verify`);
          onChange();
        })}>Verify</button>
        <button type="button" class="small" disabled={busy || integration.is_synchronising} onClick={() => run(async () => {
          await post(`/app/integrations/${id}/sync`);
          onChange();
        })}>Synchronise</button>
        <button type="button" class="small" onClick={() => setOpen('transfer')}>Transfer</button>
        <button type="button" class="small" onClick={() => setOpen('files')}>Files</button>
        {canEdit && <button type="button" class="small" onClick={onEdit}>Edit</button>}
        <button type="button" class="small" onClick={() => setOpen('remove')}>Remove</button>
      </div>
      {open === 'files' && <Files integration={integration} onClose={close} />}
      {open === 'transfer' && <Transfer integration={integration} indexes={indexes} onClose={close} onDone={onChange} />}
      {open === 'remove' && (
        <Confirm title={`Remove “${integration.name}”?`} action="Remove" onClose={close}
          onConfirm={async () => { await remove(`/app/integrations/${id}`); onChange(); }}>
          <p>The source is forgotten. Videos that are indexed stay.</p>
        </Confirm>
      )}
    </li>
  );
}

function Edit({ integration, kind, roots, indexes, onClose, onDone }: {
  integration: Integration | undefined; kind: 'bucket' | 'folder'; roots: string[]; indexes: Index[]; onClose: () => void;
  onDone: () => void;
}) {
  const [values, setValues] = useState({
    name: integration?.name ?? '', bucket: integration?.bucket ?? '', endpoint: integration?.endpoint ?? '',
    region: integration?.region ?? 'us-east-1', prefix: integration?.prefix ?? '', access_key: '', secret_key: '',
    folder: integration?.folder ?? roots[0] ?? '', index_id: integration?.index_id ?? indexes[0]?._id ?? '',
  });
  const [isPathStyle, setPathStyle] = useState(integration?.path_style ?? false);
  const { run, busy, error } = useAction();
  type Name = keyof typeof values;
  const input = (name: Name, required = false, extra: object = {}) => (id: string, hint: string | undefined) => (
    <input id={id} aria-describedby={hint} required={required} maxLength={1024} autocomplete="off" value={values[name]}
      onInput={event => setValues({ ...values, [name]: event.currentTarget.value })} {...extra} />
  );
  const body = () => {
    const { name, folder, index_id } = values;
    if (kind === 'folder') return { name, folder, index_id };
    const { bucket, endpoint, region, prefix, access_key, secret_key } = values;
    // Left out, the stored credentials stay.
    const isKept = integration?.has_credentials && access_key === '' && secret_key === '';
    return { name, bucket, endpoint, region, prefix, path_style: isPathStyle, ...(isKept ? {} : { access_key, secret_key }) };
  };
  return (
    <Dialog title={integration ? 'Edit the integration' : kind === 'folder' ? 'Watch a folder' : 'Connect a bucket'} onClose={onClose}>
      <form onSubmit={event => {
        event.preventDefault();
        void run(async () => {
          await (integration ? put(`/app/integrations/${integration._id}`, body()) : post('/app/integrations', { kind, ...body() }));
          onDone();
          onClose();
        });
      }}>
        <Field label="Name">{input('name', true, { maxLength: 100, autofocus: true })}</Field>
        {kind === 'folder' ? (
          <>
            <Field label="Folder" hint={`A full path on the server, in ${roots.join(' or ')}.`}>{input('folder', true)}</Field>
            <ChooseIndex indexes={indexes} value={values.index_id} onChange={index_id => setValues({ ...values, index_id })} />
          </>
        ) : (
          <>
            <Field label="Bucket">{input('bucket', true)}</Field>
            <Field label="Endpoint" hint="Empty for AWS.">{input('endpoint', false, { type: 'url', placeholder: 'https://store.example.org' })}</Field>
            <Field label="Region">{input('region', true)}</Field>
            <Field label="Prefix" hint="Only objects whose keys begin so. Empty for all.">{input('prefix')}</Field>
            <div class="choice">
              <input type="checkbox" id="path-style" checked={isPathStyle} onChange={event => setPathStyle(event.currentTarget.checked)} />
              <label for="path-style">The bucket is part of the path (most stores other than AWS)</label>
            </div>
            <Field label="Access key" hint={integration?.has_credentials ? 'Empty to keep the stored one.' : 'Empty for a public bucket.'}>
              {input('access_key')}
            </Field>
            <Field label="Secret key">{input('secret_key', values.access_key !== '', { type: 'password', autocomplete: 'new-password' })}</Field>
          </>
        )}
        {error && <Notice>{error}</Notice>}
        <footer>
          <button type="button" onClick={onClose}>Cancel</button>
          <button type="submit" class="primary" disabled={busy}>{integration ? 'Save' : 'Connect'}</button>
        </footer>
      </form>
    </Dialog>
  );
}

function ChooseIndex({ indexes, value, onChange }: { indexes: Index[]; value: string; onChange: (id: string) => void }) {
  return (
    <Field label="Index">{id => (
      <select id={id} required value={value} onChange={event => onChange(event.currentTarget.value)}>
        {indexes.map(index => <option key={index._id} value={index._id}>{index.index_name}</option>)}
      </select>
    )}</Field>
  );
}

function Transfer({ integration, indexes, onClose, onDone }: {
  integration: Integration; indexes: Index[]; onClose: () => void; onDone: () => void;
}) {
  const [indexId, setIndexId] = useState(integration.index_id ?? indexes[0]?._id ?? '');
  const [isAgain, setAgain] = useState(false);
  const [result, setResult] = useState<string>();
  const { run, busy, error } = useAction();
  const root = `/app/integrations/${integration._id}`;
  return (
    <Dialog title="Transfer new files" onClose={onClose}>
      <form onSubmit={event => {
        event.preventDefault();
        void run(async () => {
          const { started, left } = await post<{ started: number; left: number }>(
            `${root}/transfer`, { index_id: indexId, again: isAgain });
          setResult(started === 0 ? 'There are no new files.'
            : `${many(started, 'file is', 'files are')} being indexed${left > 0 ? `, ${left.toLocaleString()} are left` : ''}.`);
          onDone();
        });
      }}>
        <p>The files are listed again first. Those that are not indexed yet become videos of the index.</p>
        <ChooseIndex indexes={indexes} value={indexId} onChange={setIndexId} />
        <div class="choice">
          <input type="checkbox" id="again" checked={isAgain} onChange={event => setAgain(event.currentTarget.checked)} />
          <label for="again">Also files that have failed, or were deleted here since</label>
        </div>
        <p class="hint">Or <button type="button" class="small" disabled={busy} onClick={() => run(async () => {
          const list = await get<object[]>(`${root}/transfer-file?index_id=${indexId}`);
          save(`transfer-${integration._id}.json`, `${JSON.stringify(list, null, 2)}\n`, 'application/json');
        })}>Download the JSON</button> for <code>/tasks/transfers</code>, to change it before.</p>
        {error && <Notice>{error}</Notice>}
        {result && <Notice kind="success">{result}</Notice>}
        <footer>
          <button type="button" onClick={onClose}>Done</button>
          <button type="submit" class="primary" disabled={busy || indexId === ''}>Start</button>
        </footer>
      </form>
    </Dialog>
  );
}

function Files({ integration, onClose }: { integration: Integration; onClose: () => void }) {
  const [state, setState] = useState(integration.files.failed > 0 ? 'failed' : '');
  const { data, error } = useLoad(signal => get<{ data: IntegrationFile[]; after?: string }>(
    `/app/integrations/${integration._id}/files?state=${state}`, signal), [state]);
  return (
    <Dialog title={`Files of ${integration.name}`} onClose={onClose} wide>
      <div class="body">
        <Field label="State">{id => (
          <select id={id} value={state} onChange={event => setState(event.currentTarget.value)}>
            <option value="">All</option>
            {Object.entries(fileStates).map(([key, name]) => <option key={key} value={key}>{name}</option>)}
          </select>
        )}</Field>
        {error && <Notice>{error}</Notice>}
        {data?.data.length === 0 && <p class="empty">No files.</p>}
        {data && data.data.length > 0 && (
          <table class="rows">
            <thead><tr><th scope="col">File</th><th scope="col">Size</th><th scope="col">State</th></tr></thead>
            <tbody>{data.data.map(file => (
              <tr key={file.address}>
                <th scope="row"><code class="wrap">{file.address}</code></th>
                <td data-label="Size">{bytes(file.size)}</td>
                <td data-label="State"><span class={`chip ${fileChips[file.state]}`}>{fileStates[file.state]}</span> {file.reason}</td>
              </tr>
            ))}</tbody>
          </table>
        )}
        {data?.after && <p class="soft">The first {data.data.length} files are shown.</p>}
      </div>
      <footer><button type="button" class="primary" onClick={onClose}>Done</button></footer>
    </Dialog>
  );
}
