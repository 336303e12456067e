/** Brings the tables up to date without serving, as a start does. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../config.ts';
import { openDatabase } from '../db/open.ts';
import { lockDatabaseFile } from '../storage/data-lock.ts';

export interface MigratedDatabase {
  /** False: there is none yet, and none was made. */
  exists: boolean;
  /** The names of the steps that ran; empty: the database was up to date. */
  steps: string[];
  /** Of an SQLite database, its copy from before the first step. */
  copy: string | null;
}

/** @throws StartProblem while a server uses an SQLite database, and for the database of a newer Limner */
export async function migrateDatabase({ database }: Config): Promise<MigratedDatabase> {
  if (database.dialect === 'postgres') return { exists: true, steps: await opened({ database }), copy: null };
  const { file } = database;
  if (!existsSync(file)) return { exists: false, steps: [], copy: null };
  const lock = lockDatabaseFile(file);
  try {
    const steps = await opened({ database });
    return { exists: true, steps, copy: steps[0] ? await copyFrom(file, steps[0]) : null };
  } finally {
    lock.release();
  }
}

async function opened({ database }: Pick<Config, 'database'>): Promise<string[]> {
  let ran: string[] = [];
  const db = await openDatabase(database, (steps) => {
    ran = steps;
  });
  await db.close();
  return ran;
}

async function copyFrom(file: string, step: string): Promise<string | null> {
  const { dir, name } = path.parse(file);
  const copies = (await readdir(dir)).filter(
    (entry) => entry.startsWith(`${name}-before-${step}-`) && entry.endsWith('.db'),
  );
  const last = copies.sort().at(-1);
  return last ? path.join(dir, last) : null;
}
