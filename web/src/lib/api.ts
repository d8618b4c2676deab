// Calls of the server's API with the session of the browser. Failures are ApiError with the server's sentence.
import type { Combined } from './combined';

export interface PageInfo { page: number; total_page: number; total_results: number }
export interface List<T> { data: T[]; page_info: PageInfo }
export interface Index {
  _id: string; index_name: string; engine_id: string; index_options: Option[]; addons: string[]; video_count: number;
  /** Seconds. */
  total_duration: number; created_at: string; updated_at: string;
}
export type Option = 'visual' | 'conversation' | 'text_in_video' | 'logo';
export interface Video {
  _id: string; created_at: string; indexed_at?: string; hls?: { video_url: string };
  /** Besides these, fields that users have set: texts, numbers and booleans. */
  metadata: { filename: string; title?: string; duration?: number; fps?: number; width?: number; height?: number; size?: number }
    & Record<string, unknown>;
}
export interface Task {
  _id: string; index_id: string; video_id: string; status: 'validating' | 'pending' | 'indexing' | 'ready' | 'failed';
  metadata: { filename: string; duration?: number };
  process?: { upload_percentage: number; percentage: number; remain_seconds: number };
  error_reason?: string; warning?: string; created_at: string;
}
export interface Segment { start: number; end: number; value: string }
export type Confidence = 'high' | 'medium' | 'low' | 'none';
export interface Clip {
  video_id: string; start: number; end: number; score: number; confidence: Confidence;
  metadata: { type: Option | 'sound'; text?: string }[];
}
export interface VideoGroup { id: string; clips: Clip[] }
export interface SearchAnswer {
  search_pool: { total_count: number; total_duration: number };
  data: (Clip | VideoGroup)[];
  page_info: { total_results: number; next_page_token?: string };
}
export interface SearchRequest {
  index_id: string; query: string | Combined; search_options?: string[]; threshold?: string; group_by?: string; conversation_option?: string;
  page_limit?: number; filter?: object;
}
export interface LabelResult {
  name: string; max_score: number;
  /** Seconds. */
  duration: number;
  /** 0 to 1. */
  duration_ratio: number;
}
export interface ClassifiedVideo { video_id: string; labels: LabelResult[] }
export interface ClassifyAnswer { data: ClassifiedVideo[]; page_info: { total_results: number; next_page_token?: string } }
export interface Key {
  _id: string; name: string; prefix: string; created_at: string; expires_at: string; last_used_at?: string; revoked_at?: string;
}
export interface Webhook { _id: string; url: string; events: string[]; enabled: boolean; created_at: string }
export interface Attempt {
  _id: string; event_id: string; sent_at: string; delivered: boolean; status?: number; duration: number; error?: string;
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
    const { code, message } = JSON.parse(body) as { code: string; message: string };
    if (typeof message === 'string') return new ApiError(status, code, message);
  } catch {
    // Not from the API: a proxy, for example.
  }
  return new ApiError(status, 'unknown', `The server answered with status ${status}.`);
}

async function call<T>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method, signal: signal ?? null, credentials: 'same-origin', cache: 'no-store',
      headers: { ...(method === 'GET' ? {} : headers()), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
    });
  } catch (failure) {
    if (signal?.aborted) throw failure;
    throw new ApiError(0, 'unreachable', 'The server cannot be reached. Check that it runs, and try again.');
  }
  const text = await response.text();
  if (!response.ok) {
    const error = errorOf(response.status, text);
    if (error.status === 401 && error.code !== 'sign_in_failed') whenSignedOut();
    throw error;
  }
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

export const get = <T>(path: string, signal?: AbortSignal) => call<T>('GET', path, undefined, signal);
export const post = <T>(path: string, body?: unknown) => call<T>('POST', path, body);
export const put = <T>(path: string, body: unknown) => call<T>('PUT', path, body);
export const remove = (path: string) => call<void>('DELETE', path);

/** All rows of a list, page by page, up to a limit. */
export async function all<T>(path: string, limit: number, signal?: AbortSignal): Promise<{ rows: T[]; total: number }> {
  const rows: T[] = [];
  for (let page = 1; ; page++) {
    const list = await get<List<T>>(`${path}${path.includes('?') ? '&' : '?'}page_limit=50&page=${page}`, signal);
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
