/**
 * Parses text of A1111 and similar programs: the prompt, an optional negative prompt, then a line of `Name: value`
 * pairs. Pure.
 */
import type { Lora } from '@limner/contract';
import type { ForeignRecipe } from './from-elsewhere.ts';

const NEGATIVE = 'Negative prompt: ';
const PAIR = /\s*([A-Z][\w .-]*): ("(?:\\.|[^"\\])*"|[^,]*)(?:,|$)/g;
const LORA = /<lora:([^:>]+)(?::(-?\d+(?:\.\d+)?))?[^>]*>/g;

export function readA1111(text: string): ForeignRecipe | null {
  const lines = text.split(/\r?\n/);
  const facts = /\bSeed: \d/.test(lines.at(-1) ?? '') ? (lines.pop() ?? '') : '';
  const negativeAt = lines.findIndex((line) => line.startsWith(NEGATIVE));
  const written = lines.slice(0, negativeAt === -1 ? undefined : negativeAt).join('\n');
  const negative = negativeAt === -1 ? '' : lines.slice(negativeAt).join('\n').slice(NEGATIVE.length);
  const prompt = withoutTags(written);
  if (prompt === '') return null;
  const pairs = [...facts.matchAll(PAIR)].map(
    ([, name = '', value = '']) => [name, value.trim().replace(/^"(.*)"$/, '$1')] as const,
  );
  return { prompt, negative: negative.trim(), loras: lorasIn(written), settings: new Map(pairs) };
}

const lorasIn = (prompt: string): Lora[] =>
  [...prompt.matchAll(LORA)].map(([, name = '', weight = '1']) => ({ name, weight: Number(weight) }));

const withoutTags = (prompt: string): string =>
  prompt
    .replace(LORA, '')
    .replace(/(,\s*)+(?=,|$)/g, '')
    .replace(/ {2,}/g, ' ')
    .trim();
