// Uploads of this browser window: they go on while the user visits other pages of the app.
import { useEffect, useState } from 'preact/hooks';
import { ApiError, errorOf, headers, type Answer } from './api';
import { messageOf } from '../parts/ui';

export interface Upload {
  id: number; indexId: string; name: string;
  /** A file of the user's machine, or an address that the server fetches. */
  source: File | string;
  /** Bytes sent, of a file. */
  sent: number;
  /** When sending began, in milliseconds. */
  begun?: number;
  /** `sent`: all bytes have arrived, and the server checks the video. `done`: the server has a task. */
  state: 'waiting' | 'sending' | 'sent' | 'done' | 'failed';
  error?: string;
  taskId?: string;
  request?: XMLHttpRequest;
}

const atOnce = 2;
let uploads: Upload[] = [];
let last = 0;
const listeners = new Set<() => void>();

function changed(): void {
  uploads = [...uploads];
  listeners.forEach(listener => listener());
}

export function useUploads(indexId: string): Upload[] {
  const [current, setCurrent] = useState(uploads);
  useEffect(() => {
    const update = () => setCurrent(uploads);
    listeners.add(update);
    update();
    return () => void listeners.delete(update);
  }, []);
  return current.filter(upload => upload.indexId === indexId);
}

export function add(indexId: string, sources: (File | string)[]): void {
  uploads.push(...sources.map((source): Upload => ({
    id: ++last, indexId, source, sent: 0, state: 'waiting', name: typeof source === 'string' ? source : source.name,
  })));
  next();
}

export function retry(id: number): void {
  const upload = uploads.find(one => one.id === id);
  if (!upload) return;
  Object.assign(upload, { state: 'waiting', sent: 0, error: undefined, taskId: undefined });
  next();
}

/** Takes an upload out of the list; one that is being sent ends. */
export function drop(id: number): void {
  uploads.find(one => one.id === id)?.request?.abort();
  uploads = uploads.filter(one => one.id !== id);
  next();
}

/** The upload that created a task, if it was in this window. */
export const uploadOf = (taskId: string) => uploads.find(one => one.taskId === taskId);

function next(): void {
  const running = uploads.filter(one => one.state === 'sending' || one.state === 'sent').length;
  for (const upload of uploads.filter(one => one.state === 'waiting').slice(0, Math.max(0, atOnce - running))) send(upload);
  changed();
}

function send(upload: Upload): void {
  const form = new FormData();
  // Before the file, so that the server can refuse an upload before it has received it.
  form.append('index_id', upload.indexId);
  if (typeof upload.source === 'string') form.append('video_url', upload.source);
  else form.append('video_file', upload.source, upload.source.name);
  const request = new XMLHttpRequest();
  request.open('POST', '/v1.1/tasks');
  for (const [name, value] of Object.entries(headers())) request.setRequestHeader(name, value);
  request.upload.onprogress = event => {
    upload.sent = Math.min(event.loaded, sizeOf(upload));
    changed();
  };
  request.upload.onload = () => {
    upload.state = 'sent';
    changed();
  };
  request.onload = () => {
    if (request.status === 201) finish(upload, (JSON.parse(request.responseText) as Answer<'createTask'>)._id);
    else finish(upload, undefined, errorOf(request.status, request.responseText));
  };
  request.onerror = () => finish(upload, undefined, new ApiError(0, 'unreachable', 'The connection to the server broke. Try again.'));
  request.onabort = () => changed();
  Object.assign(upload, { state: 'sending', begun: Date.now(), request });
  request.send(form);
}

function finish(upload: Upload, taskId?: string, error?: ApiError): void {
  Object.assign(upload, { request: undefined, taskId, state: error ? 'failed' : 'done', error: error && messageOf(error) });
  next();
}

export const sizeOf = (upload: Upload) => typeof upload.source === 'string' ? 0 : upload.source.size;

export const isBusy = () => uploads.some(upload => ['waiting', 'sending', 'sent'].includes(upload.state));

window.addEventListener('beforeunload', event => {
  if (isBusy()) event.preventDefault();
});
