// Combined queries in the form of the API: a text with its options, or one operator. The type is narrower than that of the API, because the
// app gives every text its options.

import type { Option } from './api';

export interface TextPart { text: string; search_options: Option[] }
interface Near { adjacency_threshold?: number }
export type Combined = TextPart
  | Near & { $and: Combined[] } | Near & { $or: Combined[] } | Near & { $then: Combined[] }
  | Near & { $not: { origin: Combined; sub: Combined } };
export type Operator = '$and' | '$or' | '$then' | '$not';

export const operators: Record<Operator, string> = {
  $and: 'All at the same time', $or: 'Any of them', $then: 'One after the other', $not: 'The first without the second',
};

/** Levels of operators that the app builds and reads; the server takes a few more. */
export const mostLevels = 8;

export const isText = (part: Combined): part is TextPart => 'text' in part;

export const operatorOf = (part: Exclude<Combined, TextPart>): Operator =>
  (Object.keys(operators) as Operator[]).find(name => name in part)!;

export function partsOf(part: Exclude<Combined, TextPart>): Combined[] {
  if ('$not' in part) return [part.$not.origin, part.$not.sub];
  return '$and' in part ? part.$and : '$or' in part ? part.$or : part.$then;
}

/** Parts under an operator. "Without" has exactly two: further ones are dropped, a missing one is an empty text. */
export function join(operator: Operator, parts: Combined[], within?: number): Combined {
  const near: Near = within === undefined ? {} : { adjacency_threshold: within };
  if (operator !== '$not') return { [operator]: parts, ...near } as unknown as Combined;
  const [origin, sub] = parts;
  return { $not: { origin: origin!, sub: sub ?? emptyText(optionsOf(origin!)) }, ...near };
}

export const emptyText = (options: Option[]): TextPart => ({ text: '', search_options: options });

export const textsOf = (part: Combined): string[] => isText(part) ? [part.text] : partsOf(part).flatMap(textsOf);

export const optionsOf = (part: Combined): Option[] => isText(part) ? part.search_options : optionsOf(partsOf(part)[0]!);

/** Changes every text of a query. */
export function mapTexts(part: Combined, change: (text: TextPart) => TextPart): Combined {
  if (isText(part)) return change(part);
  return join(operatorOf(part), partsOf(part).map(one => mapTexts(one, change)), part.adjacency_threshold);
}

/** Reads the query from an address; undefined if it is none that the builder can show. */
export function readCombined(json: string): Combined | undefined {
  if (json === '') return undefined;
  try {
    return read(JSON.parse(json), 1);
  } catch {
    return undefined;
  }
}

function read(value: unknown, level: number): Combined {
  if (typeof value !== 'object' || value === null || level > mostLevels) throw new Error('No combined query');
  const part = value as Record<string, unknown>;
  if (typeof part['text'] === 'string') return { text: part['text'], search_options: list(part['search_options']).map(String) as Option[] };
  const operator = (Object.keys(operators) as Operator[]).find(name => name in part);
  if (!operator) throw new Error('No operator');
  const not = part['$not'] as Record<string, unknown> | undefined;
  const parts = operator === '$not' ? [not?.['origin'], not?.['sub']] : list(part[operator]);
  if (parts.length === 0) throw new Error('No parts');
  const within = part['adjacency_threshold'];
  return join(operator, parts.map(one => read(one, level + 1)), typeof within === 'number' ? within : undefined);
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Error('No list');
  return value;
}
