/**
 * Puts load on a real server process, kills it at a random moment, starts it again, over and over; then lets it finish
 * and looks at everything it left: rows, files, and which frames its engine ran.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient, isFinal } from '@limner/contract';
import { DatabaseSync } from '@photostructure/sqlite';
import { bundled } from '../bundle.ts';
import { serverDir } from '../places.ts';

export interface CrashReport {
  rounds: number;
  /** Tasks whose creation was answered with success. */
  acknowledged: number;
  frames: number;
  /** Acknowledged and not there, or there and not completed. */
  lost: number;
  /** Frames that were finished in their row when the process was killed, and ran again. */
  redone: number;
  /** Frames that were running when the process was killed, and ran again: the price of a crash. */
  repeated: number;
  orphanFiles: string[];
  missingFiles: string[];
  temporaryFiles: string[];
  integrity: string;
}

interface Running {
  process: ChildProcess;
  url: string;
}

const BATCHES = [1, 2, 4, 3];
const SENDERS = 4;

export async function crashRounds(rounds: number, random: () => number): Promise<CrashReport> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-crash-'));
  try {
    const entry = await bundled(path.join(serverDir, 'test', 'crash', 'crash-server.ts'));
    const acknowledged: number[] = [];
    let redone = 0;
    for (let round = 0; round < rounds; round += 1) {
      const finished = finishedFrames(dataDir);
      const before = runsOf(dataDir).length;
      await oneRound(entry, dataDir, acknowledged, 30 + random() * 400);
      redone += runsOf(dataDir)
        .slice(before)
        .filter((frame) => finished.has(frame)).length;
    }
    const finished = finishedFrames(dataDir);
    const before = runsOf(dataDir).length;
    const lost = await finishAll(entry, dataDir, acknowledged);
    redone += runsOf(dataDir)
      .slice(before)
      .filter((frame) => finished.has(frame)).length;
    return { rounds, acknowledged: acknowledged.length, lost, redone, ...remains(dataDir) };
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function oneRound(
  entry: string,
  dataDir: string,
  acknowledged: number[],
  lifeMs: number,
): Promise<void> {
  const server = await start(entry, dataDir);
  const client = createClient({ baseUrl: server.url });
  let alive = true;
  const send = async (sender: number) => {
    for (let turn = sender; alive; turn += 1) {
      const body = {
        prompt: 'a red dragon',
        family: 'scripted',
        batch_size: BATCHES[turn % BATCHES.length] ?? 1,
      };
      const task = await client.call('generate', { body }).catch(() => null);
      if (!task) return;
      acknowledged.push(task.id);
      await pause(15);
    }
  };
  const senders = Array.from({ length: SENDERS }, (_, sender) => send(sender));
  await pause(lifeMs);
  server.process.kill('SIGKILL');
  alive = false;
  await once(server.process, 'exit');
  await Promise.all(senders);
}

/** Starts once more, waits until nothing waits or runs, stops politely. Returns how many acknowledged tasks did not complete. */
async function finishAll(entry: string, dataDir: string, acknowledged: number[]): Promise<number> {
  const server = await start(entry, dataDir);
  const client = createClient({ baseUrl: server.url });
  for (;;) {
    const { tasks } = await client.call('health', {});
    if (tasks.queued + tasks.running === 0) break;
    await pause(50);
  }
  let lost = 0;
  for (const id of acknowledged) {
    const task = await client.call('getTask', { params: { id } }).catch(() => null);
    if (!task || !isFinal(task.status) || task.status !== 'completed') lost += 1;
  }
  server.process.kill('SIGKILL');
  await once(server.process, 'exit');
  // A last start sweeps what the kills left behind.
  const sweeper = await start(entry, dataDir);
  await pause(700);
  sweeper.process.kill('SIGKILL');
  await once(sweeper.process, 'exit');
  return lost;
}

async function start(entry: string, dataDir: string): Promise<Running> {
  const environ = {
    ...process.env,
    PORT: '0',
    LIMNER_DATA_DIR: dataDir,
    RATE_LIMIT_PER_MINUTE: '1000000',
    LOG_LEVEL: 'error',
  };
  const child = spawn(process.execPath, [entry], { env: environ, stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /ready at (\S+)/.exec(line)?.[1];
    if (url) return { process: child, url };
  }
  throw new Error('the server ended before it was ready');
}

function remains(dataDir: string): Omit<CrashReport, 'rounds' | 'acknowledged' | 'lost' | 'redone'> {
  return withDatabase(dataDir, (db) => {
    const files = new Set(
      db
        .prepare('select file from frames where file is not null')
        .all()
        .map((row) => String((row as { file: string }).file)),
    );
    const present = readdirSync(path.join(dataDir, 'outputs')).map((name) => `outputs/${name}`);
    const runs = runsOf(dataDir);
    return {
      frames: files.size,
      repeated: runs.length - new Set(runs).size,
      orphanFiles: present.filter((file) => !files.has(file)),
      missingFiles: [...files].filter(
        (file) => !existsSync(path.join(dataDir, file)) || statSync(path.join(dataDir, file)).size === 0,
      ),
      temporaryFiles: readdirSync(path.join(dataDir, '.tmp')),
      integrity: String(Object.values(db.prepare('pragma integrity_check').get() as object)[0]),
    };
  });
}

function finishedFrames(dataDir: string): Set<string> {
  if (!existsSync(path.join(dataDir, 'limner.db'))) return new Set();
  return withDatabase(dataDir, (db) => {
    const rows = db.prepare("select task_id, frame_index from frames where status = 'completed'").all();
    return new Set(
      (rows as { task_id: number; frame_index: number }[]).map((row) => `${row.task_id}_${row.frame_index}`),
    );
  });
}

const runsOf = (dataDir: string): string[] => {
  const file = path.join(dataDir, 'runs.log');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
};

function withDatabase<T>(dataDir: string, work: (db: InstanceType<typeof DatabaseSync>) => T): T {
  const db = new DatabaseSync(path.join(dataDir, 'limner.db'));
  try {
    return work(db);
  } finally {
    db.close();
  }
}
