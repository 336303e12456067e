/**
 * JSON with whole numbers of any size: a `bigint` is written as its digits. ComfyUI reads numbers with Python, which keeps
 * every digit of a seed up to 2⁶⁴−1.
 */
import { randomUUID } from 'node:crypto';

export function toJson(value: unknown): string {
  const mark = randomUUID();
  const text = JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? `${mark}${part}` : part));
  return text.replace(new RegExp(`"${mark}(\\d+)"`, 'g'), '$1');
}
