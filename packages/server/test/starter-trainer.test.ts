/** The trainer that is built in, with its real process and weights. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedProcess } from '../src/engines/embedded/process.ts';
import { StarterTrainer } from '../src/engines/training/starter/starter-trainer.ts';
import type { TrainingContext, TrainingJob } from '../src/engines/training/trainer.ts';
import { FolderRunFiles } from './folder-run-files.ts';
import { testLayout } from './start-studio.ts';

const job: TrainingJob = {
  seed: 1,
  styleName: 'Discs',
  triggerWords: '',
  pictures: Array.from({ length: 8 }, () => ({ caption: 'a disc', subject: 'a disc' })),
  params: { lora_rank: 8, learning_rate: 0.003, steps: 50 },
};

let folder: string;
let child: EmbeddedProcess;
let trainer: StarterTrainer;
let files: FolderRunFiles;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'limner-trainer-'));
  files = new FolderRunFiles(folder);
  child = new EmbeddedProcess({ entry: testLayout.embeddedEntry, abortGraceMs: 200 });
  trainer = new StarterTrainer({ modelsDir: testLayout.modelsDir, process: child });
});

afterEach(async () => {
  await trainer.close();
  await rm(folder, { recursive: true, force: true });
});

async function context(signal: AbortSignal, onStep: (step: number) => void): Promise<TrainingContext> {
  return {
    signal,
    ticket: null,
    checkpoint: await files.checkpoint(),
    openPicture: async (index) => ({
      sha256: String(index),
      mediaType: 'image/png',
      width: 64,
      height: 64,
      read: () =>
        sharp({
          create: { width: 64, height: 64, channels: 3, background: { r: 30 * index, g: 80, b: 200 } },
        })
          .png()
          .toBuffer(),
    }),
    workDir: () => files.workDir(),
    saveTicket: async () => {},
    saveCheckpoint: (step, body) => files.saveCheckpoint(step, body),
    step: onStep,
    alive: () => {},
    sample: () => {},
  };
}

describe('the starter trainer', () => {
  it('goes on after the last step it named, though its process is stopped with it and cannot answer', async () => {
    const stop = new AbortController();
    const named: number[] = [];
    const first = trainer.run(
      job,
      await context(stop.signal, (step) => {
        named.push(step);
        if (step !== 3) return;
        process.kill(child.pid ?? 0, 'SIGSTOP');
        stop.abort(new Error('cancelled'));
      }),
    );
    await expect(first).rejects.toThrow('cancelled');
    expect(named).toEqual([1, 2, 3]);
    expect(files.step).toBe(3);

    const again = new AbortController();
    const next = new Promise<number>((resolve) => {
      void context(again.signal, resolve)
        .then((ctx) => trainer.run(job, ctx))
        .catch(() => undefined);
    });
    expect(await next).toBe(4);
    again.abort(new Error('enough'));
  }, 120_000);

  it('goes on after the last step it named when its process dies', async () => {
    const first = trainer.run(
      job,
      await context(new AbortController().signal, (step) => {
        if (step === 2) process.kill(child.pid ?? 0, 'SIGKILL');
      }),
    );
    await expect(first).rejects.toMatchObject({ code: 'out_of_memory' });
    expect(files.step).toBe(2);
  }, 120_000);
});
