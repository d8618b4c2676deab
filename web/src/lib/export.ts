// Hits as files for other programs.
import type { Clip, Video } from './api';
import { nameOf } from './search';

/** A hit with its video. */
export interface FoundClip { clip: Clip; video: Video | undefined }

const columns = ['video_id', 'filename', 'title', 'start', 'end', 'score', 'confidence', 'options', 'text'];

/** RFC 4180. A text that a spreadsheet would take for a formula begins with an apostrophe. */
export function toCsv(found: FoundClip[]): string {
  const rows = found.map(({ clip, video }) => [
    clip.video_id, safe(video?.metadata.filename), safe(video?.metadata.title), clip.start, clip.end, clip.score, clip.confidence,
    [...new Set(clip.metadata.map(match => match.type))].join(' '), safe(clip.metadata.flatMap(match => match.text ?? []).join(' / ')),
  ]);
  return [columns, ...rows].map(row => row.map(cell).join(',')).map(row => `${row}\r\n`).join('');
}

const safe = (text = '') => /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;

function cell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const toJson = (found: FoundClip[]) => `${JSON.stringify(found.map(({ clip, video }) => ({
  ...clip, filename: video?.metadata.filename, title: video?.metadata.title,
})), null, 2)}\n`;

/** Events that an edit list may have: their numbers have three digits. */
const mostEvents = 999;

/** Pictures a second, where a video does not say. */
const usualRate = 25;

/** An edit list in the form CMX 3600: the hits one after the other. One list has one rate, that of the first hit's video. */
export function toEdl(found: FoundClip[], title: string): string {
  const rate = found.map(({ video }) => video?.metadata.fps).find(fps => fps && fps > 0) ?? usualRate;
  let at = 3600 * Math.round(rate);
  const events = found.slice(0, mostEvents).map(({ clip, video }, i) => {
    const begin = Math.round(clip.start * rate);
    const length = Math.max(1, Math.round(clip.end * rate) - begin);
    const times = [begin, begin + length, at, at + length].map(frames => timecode(frames, Math.round(rate))).join(' ');
    at += length;
    return `${(i + 1).toString().padStart(3, '0')}  AX       V     C        ${times}\n`
      + `* FROM CLIP NAME: ${line(video?.metadata.filename ?? clip.video_id)}\n* COMMENT: ${line(nameOf(video))}, `
      + `${clip.confidence} ${clip.score.toFixed(2)}\n`;
  });
  return `TITLE: ${line(title).slice(0, 70)}\nFCM: NON-DROP FRAME\n\n${events.join('\n')}`;
}

const line = (text: string) => text.replace(/[\r\n]+/g, ' ');

/** @param base Whole pictures a second. */
function timecode(frames: number, base: number): string {
  const seconds = Math.floor(frames / base);
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60, frames % base]
    .map(part => part.toString().padStart(2, '0')).join(':');
}

/** Saves a text as a file of the user. */
export const save = (name: string, text: string, type: string) => saveFile(name, new Blob([text], { type }));

/** Saves a file of the user. */
export function saveFile(name: string, file: Blob): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // Large files are copied before the address may end.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
