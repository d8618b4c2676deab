import { useState } from 'preact/hooks';
import { get, post, put, remove, type User } from '../lib/api';
import { day } from '../lib/format';
import { Confirm, Dialog, Field, Loading, Notice, useAction, useLoad, usePageTitle } from '../parts/ui';
import { minPassword } from './sign-in';

export function Users({ me }: { me: string }) {
  usePageTitle('Users');
  const { data, error, reload } = useLoad(signal => get<{ data: User[] }>('/app/users', signal), []);
  const [isAdding, setAdding] = useState(false);
  const [changed, setChanged] = useState<User>();
  const [deleted, setDeleted] = useState<User>();
  return (
    <div class="page">
      <div class="head">
        <div><h1>Users</h1><p class="soft">The users of an account share its indexes, videos, keys and webhooks. Other accounts do not see them.</p></div>
        <button type="button" class="primary" onClick={() => setAdding(true)}>New user</button>
      </div>
      {error && <Notice>{error}</Notice>}
      {!data && !error && <Loading />}
      {data && (
        <section class="card panel" aria-label="Users">
          <table class="rows">
            <thead><tr><th scope="col">Name</th><th scope="col">Account</th><th scope="col">Role</th><th scope="col">Created</th>
              <th scope="col"><span class="visually-hidden">Actions</span></th></tr></thead>
            <tbody>{data.data.map(user => (
              <tr key={user._id}>
                <th scope="row">{user.name}</th>
                <td data-label="Account">{user.account}</td>
                <td data-label="Role">{user.role === 'administrator' ? 'Administrator' : 'Member'}</td>
                <td data-label="Created">{day(user.created_at)}</td>
                <td>{user.name === me ? <a href="/account">Your account</a> : (
                  <span class="row">
                    <button type="button" class="small" aria-label={`Set password of ${user.name}`} onClick={() => setChanged(user)}>Set password</button>
                    <button type="button" class="small" aria-label={`Delete ${user.name}`} onClick={() => setDeleted(user)}>Delete</button>
                  </span>
                )}</td>
              </tr>
            ))}</tbody>
          </table>
        </section>
      )}
      {isAdding && <AddUser onClose={() => setAdding(false)} onDone={reload} />}
      {changed && <SetPassword user={changed} onClose={() => setChanged(undefined)} />}
      {deleted && (
        <Confirm title={`Delete “${deleted.name}”?`} action="Delete the user" onClose={() => setDeleted(undefined)}
          onConfirm={async () => { await remove(`/app/users/${deleted._id}`); reload(); }}>
          <p>The sessions of this user end at once. The data of the account “{deleted.account}” stays.</p>
        </Confirm>
      )}
    </div>
  );
}

function AddUser({ onClose, onDone }: { onClose: () => void; onDone: () => void }) {
  const [user, setUser] = useState({ name: '', account: 'default', role: 'member', password: '' });
  const { run, busy, error } = useAction();
  return (
    <Dialog title="New user" onClose={onClose}>
      <form onSubmit={event => {
        event.preventDefault();
        void run(async () => {
          await post('/app/users', user);
          onDone();
          onClose();
        });
      }}>
        <Field label="User name">{id => (
          <input id={id} required maxLength={64} autofocus autocomplete="off" autocapitalize="none" value={user.name}
            onInput={event => setUser({ ...user, name: event.currentTarget.value })} />
        )}</Field>
        <Field label="Account" hint="A name that does not exist yet makes a new account with data of its own.">{(id, hint) => (
          <input id={id} aria-describedby={hint} required maxLength={64} value={user.account}
            onInput={event => setUser({ ...user, account: event.currentTarget.value })} />
        )}</Field>
        <Field label="Role" hint="Administrators also manage users and see the state of the whole server.">{(id, hint) => (
          <select id={id} aria-describedby={hint} value={user.role} onChange={event => setUser({ ...user, role: event.currentTarget.value })}>
            <option value="member">Member</option>
            <option value="administrator">Administrator</option>
          </select>
        )}</Field>
        <Field label="Password" hint={`At least ${minPassword} characters. The user can change it.`}>{(id, hint) => (
          <input id={id} aria-describedby={hint} type="password" autocomplete="new-password" required minLength={minPassword}
            value={user.password} onInput={event => setUser({ ...user, password: event.currentTarget.value })} />
        )}</Field>
        {error && <Notice>{error}</Notice>}
        <footer><button type="button" onClick={onClose}>Cancel</button><button type="submit" class="primary" disabled={busy}>Create</button></footer>
      </form>
    </Dialog>
  );
}

function SetPassword({ user, onClose }: { user: User; onClose: () => void }) {
  const [password, setPassword] = useState('');
  const { run, busy, error } = useAction();
  return (
    <Dialog title={`Set the password of ${user.name}`} onClose={onClose}>
      <form onSubmit={event => {
        event.preventDefault();
        void run(async () => {
          await put(`/app/users/${user._id}/password`, { password });
          onClose();
        });
      }}>
        <Field label="Password" hint={`At least ${minPassword} characters. All sessions of the user end.`}>{(id, hint) => (
          <input id={id} aria-describedby={hint} type="password" autocomplete="new-password" required minLength={minPassword} autofocus
            value={password} onInput={event => setPassword(event.currentTarget.value)} />
        )}</Field>
        {error && <Notice>{error}</Notice>}
        <footer><button type="button" onClick={onClose}>Cancel</button><button type="submit" class="primary" disabled={busy}>Set</button></footer>
      </form>
    </Dialog>
  );
}
