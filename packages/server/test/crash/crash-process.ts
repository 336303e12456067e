/** A server process that is meant to be killed, and what it leaves in its data folder. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@limner/contract';
import { DatabaseSync } from '@photostructure/sqlite';

export interface Running {
  process: ChildProcess;
  url: string;
}

/** What is in a data folder that was swept after its last kill. */
export interface Remains {
  frames: number;
  orphanFiles: string[];
  missingFiles: string[];
  temporaryFiles: string[];
  integrity: string;
}

const SWEEP_PATIENCE_MS = 10_000;
const IDLE_PATIENCE_MS = 300_000;

export async function start(
  entry: string,
  dataDir: string,
  environ: Record<string, string> = {},
): Promise<Running> {
  const env = {
    ...process.env,
    PORT: '0',
    LIMNER_DATA_DIR: dataDir,
    RATE_LIMIT_PER_MINUTE: '1000000',
    LOG_LEVEL: 'error',
    ...environ,
  };
  const child = spawn(process.execPath, [entry], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /ready at (\S+)/.exec(line)?.[1];
    if (url) return { process: child, url };
  }
  throw new Error('the server ended before it was ready');
}

export async function kill({ process: child }: Running): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

/** Until nothing waits or runs. */
export async function idle(client: Client): Promise<void> {
  const deadline = Date.now() + IDLE_PATIENCE_MS;
  for (;;) {
    const { tasks } = await client.call('health', {});
    if (tasks.queued + tasks.running === 0) return;
    if (Date.now() > deadline)
      throw new Error(`${tasks.running} tasks still run and ${tasks.queued} still wait`);
    await pause(50);
  }
}

/** A last start sweeps what the kills left behind. */
export async function sweep(entry: string, dataDir: string, environ?: Record<string, string>): Promise<void> {
  const sweeper = await start(entry, dataDir, environ);
  const deadline = Date.now() + SWEEP_PATIENCE_MS;
  while (remains(dataDir).orphanFiles.length > 0 && Date.now() < deadline) await pause(50);
  await kill(sweeper);
}

export function remains(dataDir: string): Remains {
  return withDatabase(dataDir, (db) => {
    const filesOf = (table: 'outputs' | 'uploads') =>
      db.prepare(`select file from ${table}`).all() as { file: string }[];
    const pictures = filesOf('outputs').map(({ file }) => file);
    const files = new Set([...pictures, ...filesOf('uploads').map(({ file }) => file)]);
    const present = ['outputs', 'uploads'].flatMap((folder) =>
      readdirSync(path.join(dataDir, folder)).map((name) => `${folder}/${name}`),
    );
    return {
      frames: pictures.length,
      orphanFiles: present.filter((file) => !files.has(file)),
      missingFiles: [...files].filter(
        (file) => !existsSync(path.join(dataDir, file)) || statSync(path.join(dataDir, file)).size === 0,
      ),
      temporaryFiles: readdirSync(path.join(dataDir, '.tmp'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name),
      integrity: String(Object.values(db.prepare('pragma integrity_check').get() as object)[0]),
    };
  });
}

export const hasDatabase = (dataDir: string): boolean => existsSync(path.join(dataDir, 'limner.db'));

export function withDatabase<T>(dataDir: string, work: (db: InstanceType<typeof DatabaseSync>) => T): T {
  const db = new DatabaseSync(path.join(dataDir, 'limner.db'));
  try {
    return work(db);
  } finally {
    db.close();
  }
}
