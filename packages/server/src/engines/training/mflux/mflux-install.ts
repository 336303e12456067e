/**
 * Where mflux is and what it can train. Its version is the name of a folder beside the program, because starting it takes
 * many seconds; a program that is installed in another way is asked for its options.
 */
import { execFile } from 'node:child_process';
import { readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { commandPath } from '../program/found-files.ts';
import type { MfluxGeneration } from './mflux-models.ts';

const ASK_TIMEOUT_MS = 20_000;
/** From 0.16.0 on. */
const NEWER = [0, 16] as const;

export interface MfluxInstall {
  /** Absolute. */
  command: string;
  generation: MfluxGeneration;
  /** null: not known. */
  version: string | null;
}

export type LookedUp = MfluxInstall | 'not found' | 'does not start';

/** Never fails. */
export async function lookUpMflux(
  command: string,
  searchPath: string,
  env: Readonly<Record<string, string>>,
): Promise<LookedUp> {
  const found = await commandPath(command, searchPath);
  if (found === null) return 'not found';
  const version = await versionBeside(found);
  if (version !== null) return { command: found, generation: generationOf(version), version };
  const help = await helpOf(found, env);
  if (help === null) return 'does not start';
  return { command: found, generation: help.includes('--train-config') ? 'flux1' : 'newer', version: null };
}

function generationOf(version: string): MfluxGeneration {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > NEWER[0] || minor >= NEWER[1] ? 'newer' : 'flux1';
}

/** `bin/mflux-train` and `lib/python3.12/site-packages/mflux-0.18.0.dist-info` of one environment of Python. */
async function versionBeside(command: string): Promise<string | null> {
  const file = await realpath(command).catch(() => command);
  const libraries = path.join(path.dirname(path.dirname(file)), 'lib');
  for (const python of await readdir(libraries).catch(() => []))
    for (const name of await readdir(path.join(libraries, python, 'site-packages')).catch(() => [])) {
      const version = /^mflux-(\d[^-]*)\.dist-info$/.exec(name)?.[1];
      if (version !== undefined) return version;
    }
  return null;
}

/** null: it does not start. */
const helpOf = (command: string, env: Readonly<Record<string, string>>): Promise<string | null> =>
  new Promise((resolve) => {
    const options = { env, timeout: ASK_TIMEOUT_MS, windowsHide: true };
    execFile(command, ['--help'], options, (error, stdout) => resolve(error ? null : stdout));
  });
