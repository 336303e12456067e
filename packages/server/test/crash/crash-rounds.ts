/**
 * Puts load on a real server process, kills it at a random moment, starts it again, over and over; then lets it finish
 * and looks at everything it left: rows, files, and which frames its engine ran.
 */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient } from '@limner/contract';
import { bundled } from '../bundle.ts';
import { serverDir } from '../places.ts';
import {
  hasDatabase,
  idle,
  kill,
  type Remains,
  remains,
  start,
  sweep,
  withDatabase,
} from './crash-process.ts';

export interface CrashReport extends Remains {
  rounds: number;
  /** Tasks whose creation was answered with success. */
  acknowledged: number;
  /** Acknowledged and not there, or there and not completed. */
  lost: number;
  /** Frames that were finished in their row when the process was killed, and ran again. */
  redone: number;
  /** Frames that were running when the process was killed, and ran again: the price of a crash. */
  repeated: number;
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
    const runs = runsOf(dataDir);
    redone += runs.slice(before).filter((frame) => finished.has(frame)).length;
    const repeated = runs.length - new Set(runs).size;
    return { rounds, acknowledged: acknowledged.length, lost, redone, repeated, ...remains(dataDir) };
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
  const killed = kill(server);
  alive = false;
  await killed;
  await Promise.all(senders);
}

/** Starts once more and waits until nothing waits or runs. Returns how many acknowledged tasks did not complete. */
async function finishAll(entry: string, dataDir: string, acknowledged: number[]): Promise<number> {
  const server = await start(entry, dataDir);
  const client = createClient({ baseUrl: server.url });
  await idle(client);
  let lost = 0;
  for (const id of acknowledged) {
    const task = await client.call('getTask', { params: { id } }).catch(() => null);
    if (task?.status !== 'completed') lost += 1;
  }
  await kill(server);
  await sweep(entry, dataDir);
  return lost;
}

function finishedFrames(dataDir: string): Set<string> {
  if (!hasDatabase(dataDir)) return new Set();
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
