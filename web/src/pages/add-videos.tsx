import { useRef, useState } from 'preact/hooks';
import { add } from '../lib/uploads';
import { Dialog, Field } from '../parts/ui';

/** Where files are dropped or chosen, and addresses are entered. */
export function AddVideos({ indexId }: { indexId: string }) {
  const [isOver, setOver] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  return (
    <section class={isOver ? 'drop over' : 'drop'} aria-label="Add videos"
      onDragOver={event => { event.preventDefault(); setOver(true); }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault();
        setOver(false);
        add(indexId, [...event.dataTransfer?.files ?? []]);
      }}>
      <p><strong>Drop videos here</strong> <span class="soft">– as many as you like</span></p>
      <span class="row">
        <input ref={files} type="file" multiple accept="video/*,.mkv,.avi,.mov,.mp4,.webm,.ts" tabIndex={-1} aria-label="Video files"
          onChange={event => {
            add(indexId, [...event.currentTarget.files ?? []]);
            event.currentTarget.value = '';
          }} />
        <button type="button" class="primary" onClick={() => files.current?.click()}>Choose files</button>
        <button type="button" onClick={() => setAsking(true)}>By address</button>
      </span>
      {isAsking && <AskAddress indexId={indexId} onClose={() => setAsking(false)} />}
    </section>
  );
}

function AskAddress({ indexId, onClose }: { indexId: string; onClose: () => void }) {
  const [text, setText] = useState('');
  const submit = (event: Event) => {
    event.preventDefault();
    add(indexId, text.split(/\s+/).filter(Boolean));
    onClose();
  };
  return (
    <Dialog title="Add videos by address" onClose={onClose}>
      <form onSubmit={submit}>
        <Field label="Addresses" hint="Of video files, one on each line. The server fetches them.">{(id, hint) => (
          <textarea id={id} aria-describedby={hint} rows={4} required autofocus placeholder="https://example.org/clip.mp4" value={text}
            onInput={event => setText(event.currentTarget.value)} />
        )}</Field>
        <footer>
          <button type="button" onClick={onClose}>Cancel</button>
          <button type="submit" class="primary">Add</button>
        </footer>
      </form>
    </Dialog>
  );
}
