import { useState } from 'preact/hooks';
import { get, post, remove, type Key } from '../lib/api';
import { day, moment } from '../lib/format';
import { Confirm, Copy, Dialog, Empty, Field, Loading, Notice, useAction, useLoad, usePageTitle } from '../parts/ui';

/** Days before its end in which a key is marked. */
const warningDays = 14;

interface Created { key: Key; secret: string }

export function Keys() {
  usePageTitle('Keys');
  const { data, error, reload } = useLoad(signal => get<{ data: Key[] }>('/app/keys', signal), []);
  const [isCreating, setCreating] = useState(false);
  const [created, setCreated] = useState<Created>();
  const [regenerated, setRegenerated] = useState<Key>();
  const [revoked, setRevoked] = useState<Key>();
  const show = (made: Created) => {
    setCreated(made);
    reload();
  };
  return (
    <div class="page">
      <div class="head">
        <div><h1>Keys</h1><p class="soft">Programs send a key in the header <code>x-api-key</code>. The <a href="/docs">API</a> describes the rest.</p></div>
        <button type="button" class="primary" onClick={() => setCreating(true)}>New key</button>
      </div>
      {error && <Notice>{error}</Notice>}
      {!data && !error && <Loading />}
      {data?.data.filter(key => stateOf(key) === 'ending').map(key => (
        <Notice key={key._id} kind="info">The key “{key.name}” ends on {day(key.expires_at)}. Regenerate it before, and give the new key to the
          programs that use it.</Notice>
      ))}
      {data?.data.length === 0 && <Empty title="This account has no keys" />}
      {data && data.data.length > 0 && (
        <section class="card panel" aria-label="Keys">
          <table class="rows">
            <thead><tr><th scope="col">Name</th><th scope="col">Key</th><th scope="col">Created</th><th scope="col">Last used</th>
              <th scope="col">Ends</th><th scope="col"><span class="visually-hidden">Actions</span></th></tr></thead>
            <tbody>{data.data.map(key => {
              const state = stateOf(key);
              return (
                <tr key={key._id}>
                  <th scope="row">{key.name}</th>
                  <td data-label="Key"><code>{key.prefix}…</code></td>
                  <td data-label="Created">{day(key.created_at)}</td>
                  <td data-label="Last used">{key.last_used_at ? moment(key.last_used_at) : 'Never'}</td>
                  <td data-label="Ends">{state === 'revoked' ? <span class="chip bad">Revoked</span>
                    : state === 'expired' ? <span class="chip bad">Ended {day(key.expires_at)}</span>
                    : state === 'ending' ? <span class="chip warn">Soon: {day(key.expires_at)}</span> : day(key.expires_at)}</td>
                  <td>{state !== 'revoked' && (
                    <span class="row">
                      <button type="button" class="small" aria-label={`Regenerate ${key.name}`} onClick={() => setRegenerated(key)}>Regenerate</button>
                      <button type="button" class="small" aria-label={`Revoke ${key.name}`} onClick={() => setRevoked(key)}>Revoke</button>
                    </span>
                  )}</td>
                </tr>
              );
            })}</tbody>
          </table>
        </section>
      )}
      {isCreating && <CreateKey onClose={() => setCreating(false)} onDone={made => { setCreating(false); show(made); }} />}
      {created && (
        <Dialog title="Your new key" onClose={() => setCreated(undefined)}>
          <div class="body">
            <p>Copy the key now. It cannot be shown again.</p>
            <code class="secret">{created.secret}</code>
            <p class="soft">It ends on {day(created.key.expires_at)}.</p>
          </div>
          <footer><Copy text={created.secret} /><button type="button" class="primary" onClick={() => setCreated(undefined)}>Done</button></footer>
        </Dialog>
      )}
      {regenerated && (
        <Confirm title={`Regenerate “${regenerated.name}”?`} action="Regenerate" onClose={() => setRegenerated(undefined)}
          onConfirm={async () => show(await post<Created>(`/app/keys/${regenerated._id}/regenerate`))}>
          <p>A new key takes its place. Programs that use the old one stop working at once.</p>
        </Confirm>
      )}
      {revoked && (
        <Confirm title={`Revoke “${revoked.name}”?`} action="Revoke" onClose={() => setRevoked(undefined)}
          onConfirm={async () => { await remove(`/app/keys/${revoked._id}`); reload(); }}>
          <p>Programs that use this key stop working at once. This cannot be undone.</p>
        </Confirm>
      )}
    </div>
  );
}

function stateOf(key: Key): 'valid' | 'ending' | 'expired' | 'revoked' {
  const left = new Date(key.expires_at).getTime() - Date.now();
  return key.revoked_at ? 'revoked' : left <= 0 ? 'expired' : left < warningDays * 86_400_000 ? 'ending' : 'valid';
}

function CreateKey({ onClose, onDone }: { onClose: () => void; onDone: (made: Created) => void }) {
  const [name, setName] = useState('');
  const { run, busy, error } = useAction();
  return (
    <Dialog title="New key" onClose={onClose}>
      <form onSubmit={event => {
        event.preventDefault();
        void run(async () => onDone(await post<Created>('/app/keys', { name })));
      }}>
        <Field label="Name" hint="What the key is for, for example the program that uses it.">{(id, hint) => (
          <input id={id} aria-describedby={hint} required maxLength={100} autofocus value={name}
            onInput={event => setName(event.currentTarget.value)} />
        )}</Field>
        {error && <Notice>{error}</Notice>}
        <footer><button type="button" onClick={onClose}>Cancel</button><button type="submit" class="primary" disabled={busy}>Create</button></footer>
      </form>
    </Dialog>
  );
}
