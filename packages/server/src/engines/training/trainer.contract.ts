/** Tests for every trainer. `open` makes one with a job of a few steps. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FolderRunFiles } from '../../../test/folder-run-files.ts';
import { type TrainingContextOptions, trainingContext } from '../../../test/training-context.ts';
import { trainingParams } from '../../training/params.ts';
import type { FileBody } from '../run-files.ts';
import type { SampleSheet, StyleTrainer, TrainingJob } from './trainer.ts';

export interface TrainerRig {
  trainer: StyleTrainer;
  /** Has enough steps to be stopped after the third. */
  job: TrainingJob;
  /** A program saves checkpoints at times of its own and reports some steps together. */
  isProgram?: boolean;
}

/** Real trainers need some seconds of preparation. */
const LONG_MS = 120_000;

export function trainerContract(name: string, open: () => Promise<TrainerRig>): void {
  describe(`${name} as a trainer`, () => {
    let trainer: StyleTrainer;
    let job: TrainingJob;
    let isProgram: boolean;
    let root: string;
    let files: FolderRunFiles;
    let runs = 0;
    /** The result of a run that was not stopped. */
    let whole: { lora: Buffer; losses: (number | null)[] };

    const run = async (options: TrainingContextOptions = {}) =>
      trainer.run(job, await trainingContext(files, options));
    const steps = () => trainer.stepsOf(job.params, job.pictures.length);

    /** The steps of a run that is stopped at its first reported step. Several may be reported at once. */
    async function stoppedAfter(last: number): Promise<number[]> {
      const stop = new AbortController();
      const named: number[] = [];
      const onStep = (step: number) => {
        named.push(step);
        if (step >= last) queueMicrotask(() => stop.abort(new Error('stopped')));
      };
      await expect(run({ signal: stop.signal, onStep })).rejects.toThrow('stopped');
      return named;
    }

    beforeAll(async () => {
      root = await mkdtemp(path.join(os.tmpdir(), 'limner-trainer-'));
      ({ trainer, job, isProgram = false } = await open());
    }, 30_000);
    beforeEach(() => {
      files = new FolderRunFiles(path.join(root, String(++runs)));
    });
    afterEach(() => rm(path.join(root, String(runs)), { recursive: true, force: true }));
    afterAll(async () => {
      await trainer.close();
      await trainer.close();
      await rm(root, { recursive: true, force: true });
    });

    it('describes parameters whose defaults it accepts, and trains for one of its families', () => {
      const params = trainingParams(trainer, {});
      expect(Object.keys(params)).toEqual(trainer.params.map(({ key }) => key));
      expect(trainer.families).toContain(trainer.familyOf(params));
      expect(trainer.stepsOf(params, trainer.images.min)).toBeGreaterThan(0);
      expect(trainer.images.max).toBeGreaterThanOrEqual(trainer.images.min);
      expect(trainer.missing()).toEqual([]);
      for (const { label, hint } of trainer.params)
        for (const text of [label.en, label.zh, hint.en, hint.zh]) expect(text).not.toBe('');
      for (const { params: preset } of trainer.presets) {
        const full = trainingParams(trainer, preset);
        expect(trainer.families).toContain(trainer.familyOf(full));
      }
    });

    it('takes every step in order and ends with a LoRA, and with a sheet of the samples that it paints', {
      timeout: LONG_MS,
    }, async () => {
      const taken: number[] = [];
      const losses: (number | null)[] = [];
      const samples: SampleSheet[] = [];
      const { lora, sheet } = await run({
        onStep: (step, loss) => {
          taken.push(step);
          losses.push(loss);
        },
        onSample: (bytes, mediaType) => samples.push({ bytes: Buffer.from(bytes), mediaType }),
      });
      if (isProgram) expect(taken).toEqual([...new Set(taken)].sort((a, b) => a - b));
      else expect(taken).toEqual(Array.from({ length: steps() }, (_, index) => index + 1));
      expect(taken.at(-1)).toBe(steps());
      if (sheet) expect(trainer.hasSamples(job.params)).toBe(true);
      for (const loss of losses) if (loss !== null) expect(Number.isFinite(loss)).toBe(true);
      for (const each of [...(sheet ? [sheet] : []), ...samples]) await expectPicture(each);
      whole = { lora: await bytesOf(lora), losses };
      expect(whole.lora.length).toBeGreaterThan(0);
    });

    it('that is stopped goes on after the last step it saved, and ends with the same LoRA', {
      timeout: LONG_MS,
    }, async () => {
      const last = (await stoppedAfter(3)).at(-1) ?? 0;
      // A program that is told to stop may save steps that are not reported any more.
      if (isProgram) expect(files.step).toBeLessThan(steps());
      else expect(files.step).toBe(last);
      const saved = files.step;
      const rest: number[] = [];
      const losses: (number | null)[] = [];
      const onStep = (step: number, loss: number | null) => {
        rest.push(step);
        losses.push(loss);
      };
      const { lora } = await run({ onStep });
      if (isProgram) expect(rest[0]).toBeGreaterThan(saved);
      else expect(rest[0]).toBe(last + 1);
      expect(rest.at(-1)).toBe(steps());
      if (!isProgram) expect(losses).toEqual(whole.losses.slice(last));
      expect((await bytesOf(lora)).equals(whole.lora)).toBe(true);
    });

    it('begins again with a checkpoint that is none', { timeout: LONG_MS }, async () => {
      await files.keep('checkpoint', Buffer.from('torn'));
      const [first = 0] = await stoppedAfter(1);
      if (isProgram) expect(first).toBeLessThan(steps());
      else expect(first).toBe(1);
    });

    it('takes no step for a signal that is aborted already', async () => {
      const taken: number[] = [];
      const signal = AbortSignal.abort(new Error('stopped'));
      await expect(run({ signal, onStep: (step) => taken.push(step) })).rejects.toThrow('stopped');
      expect(taken).toEqual([]);
    });
  });
}

async function expectPicture({ bytes, mediaType }: SampleSheet): Promise<void> {
  expect(`image/${(await sharp(bytes).metadata()).format}`).toBe(mediaType);
}

async function bytesOf(body: FileBody): Promise<Buffer> {
  return Buffer.isBuffer(body) ? body : Buffer.concat(await body.toArray());
}
