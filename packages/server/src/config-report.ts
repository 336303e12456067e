/** Every variable of the environment with its value, default, origin and mistake, for `limner config`. */
import type { Bilingual } from '@limner/contract';
import { z } from 'zod';
import {
  databaseIn,
  type Environ,
  Environment,
  folderAt,
  givenIn,
  type Layout,
  mistakesIn,
  readConfig,
  shown,
} from './config.ts';
import { StartProblem } from './start-problem.ts';

/** The starter of the process lists here, comma separated, which variables it took from `.env`. */
const FROM_ENV_FILE = 'LIMNER_FROM_ENV_FILE';

export interface ConfigVariable {
  name: string;
  /** Without passwords and tokens; null: it is not set and has no default. */
  value: string | null;
  default: string | null;
  source: 'environment' | 'env_file' | 'default';
  problem: Bilingual | null;
}

export interface ConfigReport {
  variables: ConfigVariable[];
  /** Of values that are right by themselves and wrong together. */
  problems: Bilingual[];
  /** Names in `.env` that Limner does not have. */
  unknown: string[];
}

export function configReport(layout: Layout, environ: Environ): ConfigReport {
  const given = givenIn(environ);
  const fromFile = (environ[FROM_ENV_FILE] ?? '').split(',').filter(Boolean);
  const mistakes = new Map(mistakesIn(environ).map(({ name, reason }) => [name, reason]));
  const names = Object.keys(Environment.shape) as (keyof typeof Environment.shape)[];
  const dataDir = folderAt(given.LIMNER_DATA_DIR ?? './data');
  const variables = names.map((name): ConfigVariable => {
    const standard = name === 'DATABASE_URL' ? databaseIn(dataDir) : defaultOf(name);
    const value = given[name] === undefined ? standard : shown(name, given[name]);
    return {
      name,
      value: name === 'LIMNER_DATA_DIR' ? dataDir : value,
      default: standard,
      source: given[name] === undefined ? 'default' : fromFile.includes(name) ? 'env_file' : 'environment',
      problem: mistakes.get(name) ?? null,
    };
  });
  const unknown = fromFile.filter((name) => !Object.hasOwn(Environment.shape, name));
  return { variables, problems: mistakes.size > 0 ? [] : problemsIn(layout, environ), unknown };
}

function defaultOf(name: keyof typeof Environment.shape): string | null {
  const schema: z.ZodType = Environment.shape[name];
  if (!(schema instanceof z.ZodDefault)) return null;
  const value: unknown = schema.def.defaultValue;
  return (Array.isArray(value) ? value.join(',') : String(value)) || null;
}

function problemsIn(layout: Layout, environ: Environ): Bilingual[] {
  try {
    readConfig(layout, environ);
    return [];
  } catch (error) {
    if (error instanceof StartProblem) return [error.texts];
    throw error;
  }
}
