/** Seconds as 1:02:03 or 2:03. */
export function time(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** Seconds in words: "2 h 5 min", "40 s". */
export function span(seconds: number): string {
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  const [h, m] = [Math.floor(seconds / 3600), Math.round((seconds % 3600) / 60)];
  return m === 0 ? `${h} h` : `${h} h ${m} min`;
}

/** Hours with a fraction; less than one hour in words. */
export function hours(seconds: number): string {
  return seconds > 0 && seconds < 3600 ? span(seconds) : `${(seconds / 3600).toFixed(seconds < 36000 ? 2 : 1)} h`;
}

export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  for (; count >= 1000 && unit < units.length - 1; unit++) count /= 1000;
  return `${unit === 0 || count >= 100 ? Math.round(count) : count.toFixed(1)} ${units[unit]}`;
}

export function day(text: string): string {
  return new Date(text).toLocaleDateString(undefined, { year: 'numeric', month: 'short', day: 'numeric' });
}

export function moment(text: string): string {
  return new Date(text).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

export function many(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? noun : plural}`;
}

const pad = (value: number) => value.toString().padStart(2, '0');

/** SubRip and WebVTT times. */
function cueTime(seconds: number, mark: string): string {
  const ms = Math.round(seconds * 1000);
  const [h, m, s] = [Math.floor(ms / 3600000), Math.floor(ms / 60000) % 60, Math.floor(ms / 1000) % 60];
  return `${pad(h)}:${pad(m)}:${pad(s)}${mark}${(ms % 1000).toString().padStart(3, '0')}`;
}

interface Cue { start: number; end: number; value: string }

export const toSrt = (cues: Cue[]) => cues
  .map((cue, i) => `${i + 1}\n${cueTime(cue.start, ',')} --> ${cueTime(cue.end, ',')}\n${cue.value}\n`).join('\n');

export const toVtt = (cues: Cue[]) => 'WEBVTT\n\n' + cues
  .map(cue => `${cueTime(cue.start, '.')} --> ${cueTime(cue.end, '.')}\n${escape(cue.value)}\n`).join('\n');

export const toText = (cues: Cue[]) => cues.map(cue => `${cue.value}\n`).join('');

const escape = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
