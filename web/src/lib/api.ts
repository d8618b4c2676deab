// Calls of the server's API with the session of the browser. Failures are ApiError with the server's sentence.
import type { components, operations } from './wire';

// The types of /v1.1 and /admin are those of the document that the server publishes (web/types.sh). Those of /app are written by hand
// below, because the document does not have these routes.

type Schemas = components['schemas'];
type Content<T> = T extends { content: { 'application/json': infer C } } ? C : never;
type Responses<Id extends keyof operations> = operations[Id]['responses'];

/** What an operation of the document answers when it succeeds. */
export type Answer<Id extends keyof operations> = Content<Responses<Id>[keyof Responses<Id> & (200 | 201 | 202)]>;
/** The JSON that an operation of the document is sent. */
export type Body<Id extends keyof operations> = Content<operations[Id]['requestBody']>;

export type Index = Schemas['Index'];
export type Option = Schemas['IndexOption'];
/** Least confidence of what is found. */
export type Threshold = NonNullable<Body<'search'>['threshold']>;
export type Video = Schemas['Video'];
export type VideoList = Answer<'listVideos'>;
export type Task = Schemas['Task'];
export type Segment = Schemas['TextSegment'];
export type Clip = Schemas['Clip'];
export type VideoGroup = Schemas['VideoGroup'];
/** A page has either clips or groups. The app looks at each item. */
export type SearchAnswer = Omit<Answer<'search'>, 'data'> & { data: Answer<'search'>['data'][number][] };
export type SearchRequest = Body<'search'> | Body<'combinedSearch'>;
/** The labels are left out only if the request calls them classes, which the app does not. */
export type ClassifiedVideo = Schemas['ClassifyVideo'] & Required<Pick<Schemas['ClassifyVideo'], 'labels'>>;
export type ClassifyAnswer = Answer<'classifyBulk'> & { data: ClassifiedVideo[] };
/** Besides its words, the server takes an object as threshold. The document only describes it. */
export type ClassifyRequest = Omit<Body<'classifyBulk'>, 'threshold'> & {
  threshold: { min_clip_score?: number; min_duration_ratio: number };
};
export type Webhook = Schemas['Webhook'];
export type Attempt = Schemas['WebhookAttempt'];

export interface Key {
  _id: string; name: string; prefix: string; created_at: string; expires_at: string; last_used_at?: string; revoked_at?: string;
}
export interface FileCounts {
  total: number; bytes: number; new: number; waiting: number; indexed: number; failed: number; removed: number;
}
export interface Integration {
  _id: string; kind: 'bucket' | 'folder'; name: string; status: 'unverified' | 'active' | 'failed'; reason?: string;
  bucket?: string; endpoint?: string; region?: string; path_style?: boolean; prefix?: string; has_credentials?: boolean;
  folder?: string; index_id?: string; language?: string;
  synchronised_at?: string; is_synchronising: boolean; is_truncated: boolean; files: FileCounts;
}
export interface IntegrationFile {
  address: string; size: number; modified_at: string; state: 'new' | 'waiting' | 'indexed' | 'failed' | 'removed'; reason?: string;
}
export interface User { _id: string; name: string; account: string; role: 'administrator' | 'member'; created_at: string }
export interface Session {
  token: string; token_header: string; needs_setup: boolean; version: string;
  user?: { name: string; account: string; role: 'administrator' | 'member' };
}
export interface ServerState {
  version: string; models_checked: boolean; vector_columns?: string; models: { name: string; ok: boolean; detail: string }[];
  tasks: Record<Task['status'], number>;
  failures: { task_id: string; filename: string; at: string; code: string; reason: string }[];
  index_count: number; indexes: { name: string; account: string; options: string[]; videos: number; duration: number }[];
  disk: { videos: number; quota?: number; free: number };
}

/** Limits of a clip that joins several hits. */
export interface ClipLimits { max_parts: number; max_seconds: number }

/** The scores around a hit, in equal steps from a time on; null where nothing is indexed. */
export interface Curve { video_id: string; start: number; end: number; from: number; step: number; scores: (number | null)[] }

/** One hour of the whole server. Duration: seconds of video that became ready. Queued: tasks not over at the end of the hour. */
export interface ActivityHour { start: string; ready: number; failed: number; duration: number; queued: number }

export class ApiError extends Error {
  constructor(readonly status: number, readonly code: string, message: string) {
    super(message);
  }
}

let session: Session | undefined;
let whenSignedOut: () => void = () => {};

/** Called when a request finds that the session has ended. */
export function onSignedOut(handler: () => void): void {
  whenSignedOut = handler;
}

export async function loadSession(): Promise<Session> {
  session = await call<Session>('GET', '/app/session');
  return session;
}

export function headers(): Record<string, string> {
  return session ? { [session.token_header]: session.token } : {};
}

/** Turns the body of a response into the error that it reports. */
export function errorOf(status: number, body: string): ApiError {
  try {
    const { code, message } = JSON.parse(body) as Schemas['ApiError'];
    if (typeof message === 'string') return new ApiError(status, code, message);
  } catch {
    // Not from the API: a proxy, for example.
  }
  return new ApiError(status, 'unknown', `The server answered with status ${status}.`);
}

async function send(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  const isForm = body instanceof FormData;
  try {
    return await fetch(path, {
      method, signal: signal ?? null, credentials: 'same-origin', cache: 'no-store',
      headers: { ...(method === 'GET' ? {} : headers()),
        // The browser adds the type of a form, with its boundary.
        ...(body === undefined || isForm ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? null : isForm ? body : JSON.stringify(body),
    });
  } catch (failure) {
    if (signal?.aborted) throw failure;
    throw new ApiError(0, 'unreachable', 'The server cannot be reached. Check that it runs, and try again.');
  }
}

async function fail(response: Response): Promise<never> {
  const error = errorOf(response.status, await response.text());
  if (error.status === 401 && error.code !== 'sign_in_failed') whenSignedOut();
  throw error;
}

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await send(method, path, body, signal);
  if (!response.ok) return fail(response);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Sends JSON and receives a file. The browser keeps it, on disk if it is large.
 * @param onBytes Called with the number of bytes received so far. */
export async function postForFile(path: string, body: unknown, onBytes: (count: number) => void, signal: AbortSignal): Promise<Blob> {
  const response = await send('POST', path, body, signal);
  if (!response.ok || !response.body) return fail(response);
  let count = 0;
  const counted = response.body.pipeThrough(new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(block, controller) {
      onBytes(count += block.length);
      controller.enqueue(block);
    },
  }));
  try {
    return await new Response(counted, { headers: { 'Content-Type': response.headers.get('Content-Type') ?? '' } }).blob();
  } catch (failure) {
    if (signal.aborted) throw failure;
    throw new ApiError(0, 'incomplete', 'The connection ended before the file was complete. Please try again.');
  }
}

export const get = <T>(path: string, signal?: AbortSignal) => call<T>('GET', path, undefined, signal);
export const post = <T>(path: string, body?: unknown) => call<T>('POST', path, body);
export const put = <T>(path: string, body: unknown) => call<T>('PUT', path, body);
export const remove = (path: string) => call<void>('DELETE', path);

/** All rows of a list, page by page, up to a limit. */
export async function all<L extends { data: unknown[]; page_info: Schemas['PageInfo'] }>(
  path: string, limit: number, signal?: AbortSignal,
): Promise<{ rows: L['data'][number][]; total: number }> {
  const rows: L['data'][number][] = [];
  for (let page = 1; ; page++) {
    const list = await get<L>(`${path}${path.includes('?') ? '&' : '?'}page_limit=50&page=${page}`, signal);
    rows.push(...list.data);
    if (page >= list.page_info.total_page || rows.length >= limit) return { rows, total: list.page_info.total_results };
  }
}

/** Addresses in responses may name a public host. The app asks the server that it came from. */
export function local(address: string): string {
  const url = new URL(address, location.href);
  return url.pathname + url.search;
}

export const picture = (videoId: string, time?: number) =>
  `/app/videos/${videoId}/picture${time === undefined ? '' : `?time=${time.toFixed(1)}`}`;
