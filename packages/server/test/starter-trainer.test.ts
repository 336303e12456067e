/** The trainer that is built in, with its real process and weights. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedProcess } from '../src/engines/embedded/process.ts';
import { bundledChild } from '../src/engines/embedded/testing.ts';
import { readStyleFile } from '../src/engines/starter/style-file.ts';
import { StarterTrainer } from '../src/engines/training/starter/starter-trainer.ts';
import type { TrainingJob } from '../src/engines/training/trainer.ts';
import { FolderRunFiles } from './folder-run-files.ts';
import { testLayout } from './test-layout.ts';
import { trainingContext } from './training-context.ts';

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
  child = new EmbeddedProcess({ entry: await bundledChild(), abortGraceMs: 200 });
  trainer = new StarterTrainer({ modelsDir: testLayout.modelsDir, process: child });
});

afterEach(async () => {
  await trainer.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the starter trainer', () => {
  it('goes on after the last step it named, though its process is stopped with it and cannot answer', async () => {
    const stop = new AbortController();
    const named: number[] = [];
    const first = trainer.run(
      job,
      await trainingContext(files, {
        signal: stop.signal,
        onStep: (step) => {
          named.push(step);
          if (step !== 3) return;
          process.kill(child.pid ?? 0, 'SIGSTOP');
          queueMicrotask(() => stop.abort(new Error('cancelled')));
        },
      }),
    );
    await expect(first).rejects.toThrow('cancelled');
    const last = named.at(-1) ?? 0;
    expect(files.step).toBe(last);

    const again = new AbortController();
    const next = new Promise<number>((resolve) => {
      void trainingContext(files, { signal: again.signal, onStep: resolve })
        .then((ctx) => trainer.run(job, ctx))
        .catch(() => undefined);
    });
    expect(await next).toBe(last + 1);
    again.abort(new Error('enough'));
  }, 120_000);

  it('offers its style after earlier steps as a file that it paints with', async () => {
    const stop = new AbortController();
    const run = trainer.run(
      job,
      await trainingContext(files, {
        signal: stop.signal,
        onStep: (step) => step > 25 && stop.abort(new Error('enough')),
      }),
    );
    await expect(run).rejects.toThrow('enough');
    expect([...files.loras.keys()]).toEqual([25]);
    expect(readStyleFile(files.loras.get(25) ?? Buffer.alloc(0))?.adapter.length).toBeGreaterThan(1_000);
  }, 120_000);

  it('goes on after the last step it named when its process dies', async () => {
    let last = 0;
    const first = trainer.run(
      job,
      await trainingContext(files, {
        onStep: (step) => {
          last = step;
          if (step > 1) process.kill(child.pid ?? 0, 'SIGKILL');
        },
      }),
    );
    await expect(first).rejects.toMatchObject({ code: 'out_of_memory' });
    expect(files.step).toBe(last);
  }, 120_000);
});
