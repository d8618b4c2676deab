// Small parts that several pages use.
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { ApiError } from '../lib/api';

export function Notice({ children, kind = 'error' }: { children: ComponentChildren; kind?: 'error' | 'info' | 'success' }) {
  return <p class={`notice ${kind}`} role={kind === 'error' ? 'alert' : 'status'}>{children}</p>;
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return <div class="empty"><h2>{title}</h2>{children}</div>;
}

export function Loading() {
  return <p class="loading" role="status">Loading …</p>;
}

export function Progress({ value, label }: { value?: number | undefined; label: string }) {
  return <progress aria-label={label} max={100} {...(value === undefined ? {} : { value })} />;
}

/** A labelled control. The child gets the id of the label's target. */
export function Field({ label, hint, children }: {
  label: string; hint?: string; children: (id: string, hintId: string | undefined) => ComponentChildren;
}) {
  const id = useId();
  const hintId = hint ? `${id}-hint` : undefined;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(id, hintId)}
      {hint && <p class="hint" id={hintId}>{hint}</p>}
    </div>
  );
}

/** A modal dialog. Escape and the close button call onClose; the focus returns to where it was. */
export function Dialog({ title, children, onClose, wide = false }: {
  title: string; children: ComponentChildren; onClose: () => void; wide?: boolean;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    return () => before?.focus();
  }, []);
  return (
    <dialog ref={dialog} class={wide ? 'wide' : ''} aria-labelledby={id} onCancel={event => { event.preventDefault(); onClose(); }}>
      <header>
        <h2 id={id}>{title}</h2>
        <button type="button" class="quiet icon" aria-label="Close" onClick={onClose}>✕</button>
      </header>
      {children}
    </dialog>
  );
}

export function Confirm({ title, children, action, onConfirm, onClose }: {
  title: string; children: ComponentChildren; action: string; onConfirm: () => Promise<void>; onClose: () => void;
}) {
  const { run, error, busy } = useAction();
  return (
    <Dialog title={title} onClose={onClose}>
      <div class="body">{children}{error && <Notice>{error}</Notice>}</div>
      <footer>
        <button type="button" onClick={onClose}>Cancel</button>
        <button type="button" class="danger" disabled={busy}
          onClick={() => run(async () => { await onConfirm(); onClose(); })}>{action}</button>
      </footer>
    </Dialog>
  );
}

export function Copy({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without TLS browsers offer no clipboard: the old way works there.
      const area = document.createElement('textarea');
      area.value = text;
      (document.querySelector('dialog[open]') ?? document.body).append(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    setDone(true);
    setTimeout(() => setDone(false), 2000);
  };
  return <button type="button" onClick={copy}><span aria-live="polite">{done ? 'Copied' : label}</span></button>;
}

export const messageOf = (failure: unknown) => failure instanceof ApiError ? failure.message
  : failure instanceof Error ? failure.message : String(failure);

/** Loads data when the dependencies change. `reload` keeps what is shown until the new data is there. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>, dependencies: unknown[]) {
  const [state, setState] = useState<{ data?: T; error?: string }>({});
  const [reloads, setReloads] = useState(0);
  const first = useRef(true);
  useEffect(() => {
    first.current = true;
  }, dependencies);
  useEffect(() => {
    const abort = new AbortController();
    if (first.current) setState({});
    first.current = false;
    load(abort.signal).then(
      data => { if (!abort.signal.aborted) setState({ data }); },
      failure => { if (!abort.signal.aborted) setState(old => ({ ...old, error: messageOf(failure) })); });
    return () => abort.abort();
  }, [...dependencies, reloads]);
  const reload = useCallback(() => setReloads(value => value + 1), []);
  return { ...state, reload };
}

/** State of a form that starts with what the page's address asks for. A new address sets it before the page is painted; later, it would
 * replace what the user has typed. */
export function useAddressState<T>(address: string, read: () => T): [T, (value: T) => void] {
  const [value, setValue] = useState(read);
  useLayoutEffect(() => setValue(read), [address]);
  return [value, setValue];
}

/** Runs actions of the user one at a time, and keeps the message of the last failure. */
export function useAction() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const run = useCallback(async (work: () => Promise<void>) => {
    setBusy(true);
    setError(undefined);
    try {
      await work();
    } catch (failure) {
      setError(messageOf(failure));
    } finally {
      setBusy(false);
    }
  }, []);
  return { run, busy, error };
}

export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} – Video Understanding`;
  }, [title]);
}
