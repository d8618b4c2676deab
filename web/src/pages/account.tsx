import { useState } from 'preact/hooks';
import { loadSession, put, type Session } from '../lib/api';
import { Field, Notice, useAction, usePageTitle } from '../parts/ui';
import { minPassword } from './sign-in';

export function Account({ session }: { session: Session }) {
  usePageTitle('Your account');
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [isDone, setDone] = useState(false);
  const { run, busy, error } = useAction();
  const user = session.user!;
  const submit = (event: Event) => {
    event.preventDefault();
    setDone(false);
    void run(async () => {
      await put('/app/password', { current, password });
      // A new session has a new token.
      await loadSession();
      setCurrent('');
      setPassword('');
      setDone(true);
    });
  };
  return (
    <div class="page narrow">
      <div class="head"><div>
        <h1>{user.name}</h1>
        <p class="soft">{user.role === 'administrator' ? 'Administrator' : 'Member'} of the account “{user.account}”</p>
      </div></div>
      <form class="card panel" onSubmit={submit}>
        <h2>Change the password</h2>
        <input class="visually-hidden" autocomplete="username" value={user.name} readOnly tabIndex={-1} aria-hidden="true" />
        <Field label="Current password">{id => (
          <input id={id} type="password" autocomplete="current-password" required value={current}
            onInput={event => setCurrent(event.currentTarget.value)} />
        )}</Field>
        <Field label="New password" hint={`At least ${minPassword} characters. All other sessions end.`}>{(id, hint) => (
          <input id={id} aria-describedby={hint} type="password" autocomplete="new-password" required minLength={minPassword}
            value={password} onInput={event => setPassword(event.currentTarget.value)} />
        )}</Field>
        {error && <Notice>{error}</Notice>}
        {isDone && <Notice kind="success">The password is changed.</Notice>}
        <div><button type="submit" class="primary" disabled={busy}>Change</button></div>
      </form>
      <p class="soft">Server version {session.version}</p>
    </div>
  );
}
