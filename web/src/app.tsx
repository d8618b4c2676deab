import { useEffect, useRef, useState } from 'preact/hooks';
import { loadSession, onSignedOut, remove, type Session } from './lib/api';
import { navigate, useLocation } from './lib/router';
import { Account } from './pages/account';
import { Classify } from './pages/classify';
import { CombinedSearch } from './pages/combined';
import { IndexPage } from './pages/index-page';
import { Integrations } from './pages/integrations';
import { Keys } from './pages/keys';
import { Library } from './pages/library';
import { Search } from './pages/search';
import { Server } from './pages/server';
import { SetUp, SignIn } from './pages/sign-in';
import { Users } from './pages/users';
import { Watch } from './pages/watch';
import { Webhooks } from './pages/webhooks';
import { Empty, Loading, messageOf, Notice } from './parts/ui';

export function App() {
  const location = useLocation();
  const [session, setSession] = useState<Session>();
  const [error, setError] = useState<string>();
  const refresh = async () => {
    try {
      setSession(await loadSession());
    } catch (failure) {
      setError(messageOf(failure));
    }
  };
  useEffect(() => {
    onSignedOut(() => void refresh());
    void refresh();
  }, []);

  if (!session) return <main class="center">{error ? <Notice>{error}</Notice> : <Loading />}</main>;
  const enter = async () => {
    await refresh();
    if (/^\/(sign-in|setup)$/.test(window.location.pathname)) navigate('/', true);
  };
  if (!session.user) {
    return location.pathname === '/setup' ? <SetUp onDone={enter} /> : <SignIn needsSetup={session.needs_setup} onDone={enter} />;
  }
  return <Shell session={session} location={location} onSignedOut={refresh} />;
}

const links = [
  { address: '/', name: 'Library', also: '/indexes/' },
  { address: '/search', name: 'Search', others: ['/combined', '/classify'] },
  { address: '/keys', name: 'Keys' },
  { address: '/integrations', name: 'Integrations' },
  { address: '/webhooks', name: 'Webhooks' },
];

const administration = [{ address: '/users', name: 'Users' }, { address: '/server', name: 'Server' }];

function Shell({ session, location, onSignedOut }: { session: Session; location: URL; onSignedOut: () => Promise<void> }) {
  const [open, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const user = session.user!;
  const isAdministrator = user.role === 'administrator';
  const path = location.pathname;
  const first = useRef(true);
  useEffect(() => {
    setOpen(false);
    // After a change of the page, the keyboard and screen readers go on at its beginning.
    if (!first.current) main.current?.focus({ preventScroll: true });
    first.current = false;
  }, [path]);
  const signOut = async () => {
    await remove('/app/session');
    // First the session: with one, the address of the sign-in page leads to the library.
    await onSignedOut();
    navigate('/sign-in', true);
  };
  const link = ({ address, name, also, others }: { address: string; name: string; also?: string; others?: string[] }) => (
    <a href={address} aria-current={path === address || (also && path.startsWith(also)) || others?.includes(path) ? 'page' : undefined}>{name}</a>
  );
  return (
    <>
      <a class="skip" href="#main" onClick={event => { event.preventDefault(); main.current?.focus(); }}>Skip to the content</a>
      <header class="bar">
        <a class="brand" href="/"><Mark />Video Understanding</a>
        <button type="button" class="quiet menu" aria-expanded={open} aria-controls="menu" onClick={() => setOpen(!open)}>Menu</button>
        <div id="menu" class={open ? 'open' : ''}>
          <nav aria-label="Pages">
            {links.map(link)}
            {isAdministrator && administration.map(link)}
            <a href="/docs">API</a>
          </nav>
          <div class="who">
            <a href="/account" aria-current={path === '/account' ? 'page' : undefined} title="Your account">{user.name}</a>
            <button type="button" class="quiet" onClick={signOut}>Sign out</button>
          </div>
        </div>
      </header>
      <main id="main" ref={main} tabIndex={-1}><Page session={session} location={location} /></main>
    </>
  );
}

function Page({ session, location }: { session: Session; location: URL }) {
  const path = location.pathname;
  const isAdministrator = session.user!.role === 'administrator';
  const watch = /^\/indexes\/([0-9a-f]{24})\/videos\/([0-9a-f]{24})$/.exec(path);
  if (watch) return <Watch key={path} indexId={watch[1]!} videoId={watch[2]!} parameters={location.searchParams} />;
  const index = /^\/indexes\/([0-9a-f]{24})$/.exec(path);
  if (index) return <IndexPage key={path} id={index[1]!} />;
  switch (path) {
    case '/': return <Library />;
    case '/search': return <Search parameters={location.searchParams} />;
    case '/combined': return <CombinedSearch parameters={location.searchParams} />;
    case '/classify': return <Classify parameters={location.searchParams} />;
    case '/keys': return <Keys />;
    case '/integrations': return <Integrations />;
    case '/webhooks': return <Webhooks />;
    case '/account': return <Account session={session} />;
    case '/users': if (isAdministrator) return <Users me={session.user!.name} />; break;
    case '/server': if (isAdministrator) return <Server />; break;
    case '/sign-in': case '/setup': navigate('/', true); return null;
  }
  return <Empty title="There is no such page"><p><a href="/">Go to the library</a></p></Empty>;
}

export function Mark() {
  return <svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="8" /><path d="M12 9.5v13l11-6.5z" /></svg>;
}
