// Addresses of the app. The server sends the same page for each of them (App/AppFiles.cs).
import { useEffect, useState } from 'preact/hooks';

const listeners = new Set<() => void>();

export function navigate(address: string, replace = false): void {
  history[replace ? 'replaceState' : 'pushState'](null, '', address);
  if (!replace) window.scrollTo(0, 0);
  listeners.forEach(listener => listener());
}

export function useLocation(): URL {
  const [address, setAddress] = useState(location.href);
  useEffect(() => {
    const update = () => setAddress(location.href);
    listeners.add(update);
    window.addEventListener('popstate', update);
    return () => {
      listeners.delete(update);
      window.removeEventListener('popstate', update);
    };
  }, []);
  return new URL(address);
}

/** Pages that the server renders itself. */
const foreign = ['/docs', '/openapi', '/app', '/v1.1'];

/** Makes ordinary links of the app change the page without a reload. */
export function handleLinks(): void {
  document.addEventListener('click', event => {
    const link = (event.target as Element | null)?.closest('a');
    if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    if (link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (foreign.some(root => link.pathname === root || link.pathname.startsWith(`${root}/`))) return;
    if (link.pathname === location.pathname && link.search === location.search && link.hash) return;
    event.preventDefault();
    navigate(link.href);
  });
}
