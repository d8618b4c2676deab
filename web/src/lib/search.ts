import {
  get, post, type Clip, type Option, type SearchAnswer, type SearchRequest, type Threshold, type Video, type VideoGroup,
} from './api';
import { optionsOf, readCombined, textsOf, type Combined } from './combined';
import { fileOf, readLikeness, writeLikeness, type Likeness } from './pictures';

/** A search as the addresses of the search pages and of the player hold it. */
export interface Query {
  index: string; words: string; options: Option[]; threshold: Threshold; group: 'clip' | 'video'; exact: boolean;
  /** A query of several texts, in place of the words. */
  combined?: Combined | undefined;
  /** A picture, in place of the words. */
  like?: Likeness | undefined;
}

/** Options and threshold may be any words here. The pages drop options that the index does not have; the server refuses the rest. */
export function readQuery(parameters: URLSearchParams): Query {
  const combined = readCombined(parameters.get('combined') ?? '');
  const like = readLikeness(parameters.get('like') ?? '');
  return {
    index: parameters.get('index') ?? '',
    words: combined ? textsOf(combined).join(' ') : like ? '' : parameters.get('q') ?? '',
    options: (parameters.get('options')?.split(',').filter(Boolean) ?? []) as Option[],
    threshold: (parameters.get('threshold') ?? 'low') as Threshold, group: parameters.get('group') === 'video' ? 'video' : 'clip',
    exact: parameters.get('exact') === 'true', ...(combined ? { combined } : {}), ...(like ? { like } : {}),
  };
}

export function writeQuery(query: Query): URLSearchParams {
  const parameters = new URLSearchParams({ index: query.index });
  if (query.combined) {
    parameters.set('combined', JSON.stringify(query.combined));
  } else if (query.like) {
    parameters.set('like', writeLikeness(query.like));
  } else {
    parameters.set('q', query.words);
    parameters.set('options', query.options.join(','));
  }
  if (query.threshold !== 'low') parameters.set('threshold', query.threshold);
  if (query.group !== 'clip') parameters.set('group', query.group);
  if (query.exact) parameters.set('exact', 'true');
  return parameters;
}

/** The page that shows the results of a query. */
export const addressOf = (query: Query) => `${query.combined ? '/combined' : '/search'}?${writeQuery(query)}`;

/** The page that shows moments like what a video shows at a time, in seconds. */
export const likeThis = (index: string, video: string, time: number) =>
  addressOf({ index, words: '', options: [], threshold: 'low', group: 'clip', exact: false, like: { video, time } });

export const isAsked = (query: Query) =>
  query.combined !== undefined || query.like !== undefined || (query.words !== '' && query.options.length > 0);

/** Of a query of words. */
export function requestOf(query: Query): SearchRequest {
  if (query.combined) {
    const request = { index_id: query.index, query: query.combined, threshold: query.threshold };
    // Only the route of plain texts groups, and it takes combined queries too. The options are for texts without their own; there are none.
    return query.group === 'clip' ? request : { ...request, search_options: optionsOf(query.combined), group_by: query.group };
  }
  return {
    index_id: query.index, query: query.words, search_options: query.options, threshold: query.threshold, group_by: query.group,
    ...(query.exact && query.options.includes('conversation') ? { conversation_option: 'exact_match' } : {}),
  };
}

export const pathOf = (request: SearchRequest) =>
  typeof request.query === 'string' || 'group_by' in request ? '/v1.1/search' : '/v1.1/beta/search';

/** The fields of a search by a picture, but for the file. */
export function fieldsOf(query: Query, like: Likeness): Record<string, string> {
  return {
    index_id: query.index, ...('video' in like ? { video_id: like.video, time: String(like.time) } : {}),
    threshold: query.threshold, group_by: query.group,
  };
}

export const picturePath = '/v1.1/search/picture';

/** Sends a query.
 * @param within Only in this video, with so many hits on a page. */
export function search(query: Query, within?: { video: string; limit: number }): Promise<SearchAnswer> {
  const filter = within && { id: [within.video] };
  if (query.like) {
    const form = new FormData();
    for (const [name, value] of Object.entries(fieldsOf(query, query.like))) form.append(name, value);
    if (filter) form.append('filter', JSON.stringify(filter));
    if (within) form.append('page_limit', String(within.limit));
    const file = fileOf(query.like);
    if ('file' in query.like && !file) {
      return Promise.reject(new Error('This window no longer has the picture. Choose it once more.'));
    }
    if (file) form.append('picture', file, file.name);
    return post<SearchAnswer>(picturePath, form);
  }
  const request = requestOf(query);
  return post<SearchAnswer>(pathOf(request), {
    // TypeScript cannot say that only the other names of a filter are those of users' fields.
    ...request, ...(within ? { filter: filter as SearchRequest['filter'], page_limit: within.limit } : {}),
  });
}

export const nextPage = (token: string) => get<SearchAnswer>(`/v1.1/search/${token}`);

export const isGroup = (item: Clip | VideoGroup): item is VideoGroup => 'clips' in item;

const videos = new Map<string, Promise<Video | undefined>>();

/** A video of an index, asked for once; undefined if it cannot be read. */
export function videoOf(indexId: string, videoId: string): Promise<Video | undefined> {
  let video = videos.get(videoId);
  if (!video) {
    video = get<Video>(`/v1.1/indexes/${indexId}/videos/${videoId}`).catch(() => undefined);
    videos.set(videoId, video);
  }
  return video;
}

/** Call it after a change of a video. */
export const forgetVideo = (videoId: string) => videos.delete(videoId);

export const nameOf = (video: Video | undefined) =>
  // An empty title is as good as none.
  video ? video.metadata.title || video.metadata.filename : 'A video that was deleted';

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
