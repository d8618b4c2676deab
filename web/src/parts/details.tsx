import { useState } from 'preact/hooks';
import { put, type Body, type Video } from '../lib/api';
import { Dialog, Field, Notice, useAction } from './ui';

/** Facts of the video that the server finds; they cannot be changed. */
const technical = ['filename', 'duration', 'fps', 'width', 'height', 'size'];

type Kind = 'text' | 'number' | 'boolean';
interface Entry { name: string; kind: Kind; value: string; isStored: boolean }

/** The fields that users have set, by name. */
export const ownFields = (video: Video): [string, unknown][] =>
  Object.entries(video.metadata).filter(([name]) => name !== 'title' && !technical.includes(name)).sort(([a], [b]) => a.localeCompare(b));

/** Edits the title and the fields of a video. */
export function EditDetails({ path, video, onClose, onDone }: {
  path: string; video: Video; onClose: () => void; onDone: () => Promise<void>;
}) {
  const [title, setTitle] = useState(video.metadata.title ?? '');
  const [entries, setEntries] = useState<Entry[]>(() => ownFields(video).map(([name, value]) => ({
    name, value: String(value), isStored: true, kind: typeof value === 'number' ? 'number' : typeof value === 'boolean' ? 'boolean' : 'text',
  })));
  const { run, busy, error } = useAction();
  const change = (i: number, part: Partial<Entry>) => setEntries(entries.map((old, j) => j === i ? { ...old, ...part } : old));
  const submit = (event: Event) => {
    event.preventDefault();
    void run(async () => {
      const names = entries.map(entry => entry.name.trim());
      const twice = names.find((name, i) => names.indexOf(name) < i);
      if (twice !== undefined) throw new Error(`There are two fields with the name “${twice}”. Give one of them another name.`);
      await put(path, {
        video_title: title.trim(), metadata: Object.fromEntries(entries.map((entry, i) => [names[i]!, valueOf(entry)])),
      } satisfies Body<'updateVideo'>);
      await onDone();
      onClose();
    });
  };
  return (
    <Dialog title="Details of the video" onClose={onClose} wide>
      <form onSubmit={submit}>
        <Field label="Title">{id => (
          <input id={id} maxLength={1000} autofocus value={title} placeholder={video.metadata.filename}
            onInput={event => setTitle(event.currentTarget.value)} />
        )}</Field>
        <fieldset>
          <legend>Fields</legend>
          <p class="hint">Searches and lists can be filtered by them. A stored field can be changed but not removed.</p>
          {entries.map((entry, i) => (
            <div key={i} class="row entry">
              <input aria-label={`Name of field ${i + 1}`} required maxLength={255} readOnly={entry.isStored} placeholder="Name"
                value={entry.name} onInput={event => change(i, { name: event.currentTarget.value })} />
              <select aria-label={`Kind of field ${i + 1}`} value={entry.kind} onChange={event => change(i, kindChange(event.currentTarget.value))}>
                <option value="text">Text</option>
                <option value="number">Number</option>
                <option value="boolean">Yes or no</option>
              </select>
              {entry.kind === 'boolean' ? (
                <select aria-label={`Value of field ${i + 1}`} value={entry.value}
                  onChange={event => change(i, { value: event.currentTarget.value })}>
                  <option value="true">Yes</option>
                  <option value="false">No</option>
                </select>
              ) : entry.kind === 'number' ? (
                <input aria-label={`Value of field ${i + 1}`} type="number" step="any" required value={entry.value}
                  onInput={event => change(i, { value: event.currentTarget.value })} />
              ) : (
                <input aria-label={`Value of field ${i + 1}`} placeholder="Value" value={entry.value} maxLength={10_000}
                  onInput={event => change(i, { value: event.currentTarget.value })} />
              )}
              {!entry.isStored && <button type="button" class="quiet small" aria-label={`Remove field ${i + 1}`}
                onClick={() => setEntries(entries.filter((_, j) => j !== i))}>Remove</button>}
            </div>
          ))}
          <div><button type="button" class="small"
            onClick={() => setEntries([...entries, { name: '', kind: 'text', value: '', isStored: false }])}>Add a field</button></div>
        </fieldset>
        {error && <Notice>{error}</Notice>}
        <footer><button type="button" onClick={onClose}>Cancel</button><button type="submit" class="primary" disabled={busy}>Save</button></footer>
      </form>
    </Dialog>
  );
}

const kindChange = (kind: string): Partial<Entry> => ({ kind: kind as Kind, ...(kind === 'boolean' ? { value: 'true' } : {}) });

const valueOf = (entry: Entry) =>
  entry.kind === 'number' ? Number(entry.value) : entry.kind === 'boolean' ? entry.value === 'true' : entry.value;
