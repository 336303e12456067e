/**
 * Takes pictures out of a message before it is handled. A call may wait for minutes with its arguments in memory, so those
 * must not hold megabytes of base64.
 */
import type { Language } from '@limner/contract';
import { uploadData } from './picture-input.ts';
import type { Studio } from './studio.ts';
import { WORDS } from './words.ts';

/** Shorter data stays where it is. */
const LONG_CHARS = 4_096;

type Values = Record<string, unknown>;

/** The names that now stand for pictures in the message, each with its upload or the reason why there is none. */
export async function keepPictures(
  message: unknown,
  studio: Studio,
  language: Language,
): Promise<Map<string, string | Error>> {
  const kept = new Map<string, string | Error>();
  for (const [holder, key] of placesIn(argumentsOf(message))) {
    const url = holder[key];
    if (typeof url !== 'string' || url.length < LONG_CHARS || !/^data:/i.test(url)) continue;
    const name = `kept-${kept.size}`;
    holder[key] = name;
    kept.set(name, await uploadData(url, { studio, words: WORDS[language] }).catch(asError));
  }
  return kept;
}

const asError = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));

const isValues = (value: unknown): value is Values => typeof value === 'object' && value !== null;

function argumentsOf(message: unknown): Values {
  const params = isValues(message) && message.method === 'tools/call' ? message.params : null;
  return isValues(params) && isValues(params.arguments) ? params.arguments : {};
}

/** Where arguments of tools name pictures. */
function placesIn(args: Values): [Values, string][] {
  const { images, control } = args;
  const list = Array.isArray(images) ? (images as unknown as Values) : {};
  return [
    [args, 'image'],
    [args, 'mask'],
    ...(isValues(control) ? ([[control, 'image']] as [Values, string][]) : []),
    ...Object.keys(list)
      .slice(0, MAX_LIST)
      .map((index): [Values, string] => [list, index]),
  ];
}

/** Longer lists are refused anyway. */
const MAX_LIST = 8;
