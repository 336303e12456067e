/**
 * The operator's command as a JSON array, such as `["python", "train.py", "--config", "{config}", ["--resume", "{resume}"]]`.
 * Each element is one argument; no shell reads it. A list within the list is left out where one of its placeholders is
 * empty. Pure.
 */
import { z } from 'zod';
import { parsedOrNull } from '../../../parsed-or-null.ts';

export const PLACEHOLDERS = [
  'config',
  'pictures',
  'output',
  'count',
  'steps',
  'rank',
  'learning_rate',
  'resolution',
  'trigger',
  'seed',
  'family',
  'resume',
] as const;
export type Placeholder = (typeof PLACEHOLDERS)[number];

const PLACE = /\{([a-z_]+)\}/g;
const isKnown = (text: string): boolean =>
  [...text.matchAll(PLACE)].every(([, name]) => PLACEHOLDERS.includes(name as Placeholder));

const Argument = z.string().max(4_000).refine(isKnown);

/** The first element is the program: a path, or a name in PATH. */
export const CommandLine = z.tuple([z.string().min(1)], z.union([Argument, z.array(Argument).min(1)]));
export type CommandLine = z.infer<typeof CommandLine>;

/** null: it is no command line. */
export function readCommandLine(text: string): CommandLine | null {
  return CommandLine.safeParse(parsedOrNull(text)).data ?? null;
}

export type PlaceValues = Readonly<Record<Placeholder, string>>;

/** The arguments after the program. */
export function argumentsOf([, ...parts]: CommandLine, values: PlaceValues): string[] {
  return parts.flatMap((part) => {
    if (typeof part === 'string') return [filled(part, values)];
    const isEmpty = part.some((each) =>
      [...each.matchAll(PLACE)].some(([, name]) => values[name as Placeholder] === ''),
    );
    return isEmpty ? [] : part.map((each) => filled(each, values));
  });
}

const filled = (text: string, values: PlaceValues): string =>
  text.replace(PLACE, (_, name: Placeholder) => values[name]);

/** Users' words must not read as an option. */
export const noOption = (text: string): string => text.replace(/^[-\s]+/, '').replaceAll('\0', '');
