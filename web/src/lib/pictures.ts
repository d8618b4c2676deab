// Pictures that are searched for: files of the user, or pictures of videos.
import { picture } from './api';

/** A file that this window has, by its number; or what a video shows at a time, in seconds. */
export type Likeness = { file: string } | { video: string; time: number };

/** Kinds of pictures that the server reads. */
export const kinds = ['image/png', 'image/jpeg', 'image/webp', 'image/bmp'];

interface Kept { file: File; address: string }

/** The chosen files. An address of a page can only name them, so they are gone after a reload. */
const files = new Map<string, Kept>();

export function keep(file: File): Likeness {
  const number = String(files.size + 1);
  files.set(number, { file, address: URL.createObjectURL(file) });
  return { file: number };
}

export const fileOf = (likeness: Likeness) => 'file' in likeness ? files.get(likeness.file)?.file : undefined;

/** Address of the picture for an image element; undefined if this window does not have the file. */
export const pictureOf = (likeness: Likeness) =>
  'file' in likeness ? files.get(likeness.file)?.address : picture(likeness.video, likeness.time);

export function readLikeness(text: string): Likeness | undefined {
  const frame = /^([0-9a-f]{24})@(\d+(?:\.\d+)?)$/.exec(text);
  if (frame) return { video: frame[1]!, time: Number(frame[2]) };
  const file = /^file(\d+)$/.exec(text);
  return file ? { file: file[1]! } : undefined;
}

export const writeLikeness = (likeness: Likeness) =>
  'file' in likeness ? `file${likeness.file}` : `${likeness.video}@${Math.max(0, likeness.time).toFixed(2)}`;

/** The first picture among dropped or pasted files. */
export const firstPicture = (list: FileList | null | undefined) => [...list ?? []].find(file => kinds.includes(file.type));
