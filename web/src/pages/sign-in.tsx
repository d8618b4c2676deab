import { useState } from 'preact/hooks';
import { loadSession, post } from '../lib/api';
import { Mark } from '../app';
import { Field, Notice, useAction, usePageTitle } from '../parts/ui';

export const minPassword = 12;

export function SignIn({ needsSetup, onDone }: { needsSetup: boolean; onDone: () => Promise<void> }) {
  usePageTitle('Sign in');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const { run, busy, error } = useAction();
  const submit = (event: Event) => {
    event.preventDefault();
    void run(async () => {
      // The token may be of a session that has ended.
      await loadSession();
      await post('/app/session', { name, password });
      await onDone();
    });
  };
  return (
    <main class="center">
      <div class="card sign-in">
        <Mark />
        <h1>Video Understanding</h1>
        {needsSetup ? (
          <>
            <p>This server has no user yet. Open the link that it printed when it started, and choose a password there.</p>
            <p class="soft">If its output is not a terminal, the link is in the file <code>setup-link</code> of the data folder.
              You can also run <code>./vu dashboard password</code> on the machine, and reload this page.</p>
          </>
        ) : (
          <form onSubmit={submit}>
            <Field label="User name">{id => (
              <input id={id} autocomplete="username" autocapitalize="none" spellcheck={false} required value={name}
                onInput={event => setName(event.currentTarget.value)} />
            )}</Field>
            <Field label="Password">{id => (
              <input id={id} type="password" autocomplete="current-password" required value={password}
                onInput={event => setPassword(event.currentTarget.value)} />
            )}</Field>
            {error && <Notice>{error}</Notice>}
            <button type="submit" class="primary" disabled={busy}>Sign in</button>
          </form>
        )}
      </div>
    </main>
  );
}

/** The page of the one-time link. The token is in the fragment of the address. */
export function SetUp({ onDone }: { onDone: () => Promise<void> }) {
  usePageTitle('First start');
  const [token] = useState(() => window.location.hash.slice(1));
  const [name, setName] = useState('admin');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const { run, busy, error } = useAction();
  const submit = (event: Event) => {
    event.preventDefault();
    void run(async () => {
      if (password !== again) throw new Error('The two passwords are not the same.');
      await post('/app/setup', { token, name, password });
      await onDone();
    });
  };
  return (
    <main class="center">
      <div class="card sign-in">
        <Mark />
        <h1>Welcome</h1>
        <p class="soft">Choose the name and the password of the administrator. Nobody can see the password later; you can change it.</p>
        <form onSubmit={submit}>
          <Field label="User name">{id => (
            <input id={id} autocomplete="username" autocapitalize="none" spellcheck={false} required value={name}
              onInput={event => setName(event.currentTarget.value)} />
          )}</Field>
          <Field label="Password" hint={`At least ${minPassword} characters.`}>{(id, hint) => (
            <input id={id} aria-describedby={hint} type="password" autocomplete="new-password" required minLength={minPassword}
              value={password} onInput={event => setPassword(event.currentTarget.value)} />
          )}</Field>
          <Field label="Password again">{id => (
            <input id={id} type="password" autocomplete="new-password" required value={again}
              onInput={event => setAgain(event.currentTarget.value)} />
          )}</Field>
          {error && <Notice>{error}</Notice>}
          <button type="submit" class="primary" disabled={busy}>Start</button>
        </form>
      </div>
    </main>
  );
}
