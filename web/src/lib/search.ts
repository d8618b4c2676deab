import { get, post, type Clip, type SearchAnswer, type SearchRequest, type Video, type VideoGroup } from './api';

/** A search as the address of the search page and of the player hold it. */
export interface Query {
  index: string; words: string; options: string[]; threshold: string; group: 'clip' | 'video'; exact: boolean;
}

export function readQuery(parameters: URLSearchParams): Query {
  return {
    index: parameters.get('index') ?? '', words: parameters.get('q') ?? '',
    options: parameters.get('options')?.split(',').filter(Boolean) ?? [],
    threshold: parameters.get('threshold') ?? 'low', group: parameters.get('group') === 'video' ? 'video' : 'clip',
    exact: parameters.get('exact') === 'true',
  };
}

export function writeQuery(query: Query): URLSearchParams {
  const parameters = new URLSearchParams({ index: query.index, q: query.words, options: query.options.join(',') });
  if (query.threshold !== 'low') parameters.set('threshold', query.threshold);
  if (query.group !== 'clip') parameters.set('group', query.group);
  if (query.exact) parameters.set('exact', 'true');
  return parameters;
}

export function requestOf(query: Query): SearchRequest {
  return {
    index_id: query.index, query: query.words, search_options: query.options, threshold: query.threshold, group_by: query.group,
    ...(query.exact && query.options.includes('conversation') ? { conversation_option: 'exact_match' } : {}),
  };
}

export const search = (request: SearchRequest) => post<SearchAnswer>('/v1.1/search', request);

export const nextPage = (token: string) => get<SearchAnswer>(`/v1.1/search/${token}`);

export const isGroup = (item: Clip | VideoGroup): item is VideoGroup => 'clips' in item;

const names = new Map<string, Promise<string>>();

/** Name of a video of an index; asked for once. */
export function videoName(indexId: string, videoId: string): Promise<string> {
  let name = names.get(videoId);
  if (!name) {
    name = get<Video>(`/v1.1/indexes/${indexId}/videos/${videoId}`)
      .then(video => video.metadata.title ?? video.metadata.filename, () => 'A video that was deleted');
    names.set(videoId, name);
  }
  return name;
}

/** Parts of a text, with the words of a query marked. Short words such as "a" are not. */
export function highlight(text: string, words: string): { text: string; isHit: boolean }[] {
  const wanted = words.split(/[^\p{L}\p{N}]+/u).filter(word => word.length > 2)
    .map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (wanted.length === 0) return [{ text, isHit: false }];
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${wanted.join('|')})(?![\\p{L}\\p{N}])`, 'giu');
  const parts: { text: string; isHit: boolean }[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index), isHit: false });
    parts.push({ text: match[0], isHit: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), isHit: false });
  return parts;
}

/** Programs that send the same request. */
export function programs(request: SearchRequest, origin: string): Record<'curl' | 'Python', string> {
  const body = JSON.stringify(request, null, 2);
  // In single quotes of a shell, a quote ends the text, follows by itself, and begins the text again.
  const curl = `curl -sS -H "x-api-key: $KEY" -H 'Content-Type: application/json' \\\n  ${origin}/v1.1/search -d '`
    + `${body.replaceAll("'", "'\\''")}'`;
  // Every JSON text without true, false and null is also Python.
  const python = `import os\nimport requests\n\nresponse = requests.post(\n    "${origin}/v1.1/search",\n`
    + `    headers={"x-api-key": os.environ["KEY"]},\n    json=${body.replaceAll('\n', '\n    ')},\n)\n`
    + 'response.raise_for_status()\nfor clip in response.json()["data"]:\n    print(clip)\n';
  return { curl, Python: python };
}
