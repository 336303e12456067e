/**
 * Kills a real server process at random moments while trainings by a program are created, started, run and ended, over and
 * over; then lets them finish, and looks at every start of the program.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, createClient } from '@limner/contract';
import sharp from 'sharp';
import { startsOn } from '../../src/engines/training/program/processes.ts';
import { bundled } from '../bundle.ts';
import { serverDir } from '../places.ts';
import { readStarts } from '../stand-in/stand-in-program.ts';
import { idle, kill, type Running, start } from './crash-process.ts';
import { KEEPER_ENTRY, notesIn, STEPS } from './training-places.ts';

export interface TrainingCrashReport {
  rounds: number;
  /** Runs whose creation was answered with success. */
  runs: number;
  /** Of these, those that did not end as a style with all steps. */
  lost: number;
  /** Why they did not. */
  reasons: string[];
  /** Styles beyond one for each run. */
  extraStyles: number;
  /** Starts of the program: of two stages for each run. */
  starts: number;
  /** Stages that were started more than once. */
  startedAgain: number;
  /** Starts while another program of the run was alive. */
  beside: number;
  /** Programs that are alive at the end. */
  left: number;
}

const KEEPER = path.join(serverDir, 'src', 'engines', 'training', 'program', 'program-keeper.ts');

export async function trainingRounds(rounds: number, random: () => number): Promise<TrainingCrashReport> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-training-crash-'));
  try {
    const entry = await bundled(path.join(serverDir, 'test', 'crash', 'training-server.ts'));
    const environ = { COMFYUI_URL: 'none', [KEEPER_ENTRY]: await bundled(KEEPER) };
    const runs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const server = await start(entry, dataDir, environ);
      const client = createClient({ baseUrl: server.url });
      const alive = { isAlive: true };
      const making = make(client, runs, alive);
      while (runs.length === 0) await Promise.race([making, pause(20)]);
      // From the first moments of a start to the last of a run.
      await pause(random() * (round % 2 === 0 ? 400 : 3_000));
      alive.isAlive = false;
      await kill(server);
      await making;
    }
    const server = await start(entry, dataDir, environ);
    return await ended(server, dataDir, rounds, runs);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Makes runs one after another, so that one is always beginning or running. */
async function make(client: Client, runs: number[], alive: { isAlive: boolean }): Promise<void> {
  try {
    while (alive.isAlive) {
      const { tasks } = await client.call('health', {});
      if (tasks.queued + tasks.running === 0) runs.push(await train(client, runs.length));
      await pause(20);
    }
  } catch (error) {
    if (alive.isAlive) throw error;
  }
}

async function train(client: Client, index: number): Promise<number> {
  const images = [];
  for (const background of ['red', 'blue']) {
    const png = await sharp({ create: { width: 16, height: 16, channels: 3, background } })
      .png()
      .toBuffer();
    const file = new Blob([new Uint8Array(png)], { type: 'image/png' });
    const { id } = await client.call('upload', { file, fileName: `${background}.png` });
    images.push({ image: id, caption: background });
  }
  const body = { style_name: `Ink ${index}-${Date.now()}`, images, params: { steps: STEPS } };
  return (await client.call('train', { body })).id;
}

async function ended(
  server: Running,
  dataDir: string,
  rounds: number,
  runs: number[],
): Promise<TrainingCrashReport> {
  const client = createClient({ baseUrl: server.url });
  await idle(client);
  const reasons: string[] = [];
  for (const id of runs) {
    const run = await client.call('getTraining', { params: { id } }).catch(() => null);
    if (run?.status !== 'completed' || run.style_id === null || run.step !== STEPS)
      reasons.push(`${id} ${run?.status} at ${run?.step}: ${run?.error?.message}`);
  }
  const styles = (await client.call('listStyles', {})).filter(({ is_trained }) => is_trained).length;
  const made = await client.call('listTraining', {});
  await kill(server);
  const starts = readStarts(notesIn(dataDir));
  const stages = new Set(starts.map(({ stage, folder }) => `${stage} ${folder}`));
  return {
    ...{
      rounds,
      runs: runs.length,
      lost: reasons.length,
      reasons,
      extraStyles: styles - made.length,
      starts: starts.length,
    },
    startedAgain: starts.length - stages.size,
    beside: starts.filter(({ beside }) => beside).length,
    left: startsOn(`test ${dataDir}`).size,
  };
}
