/**
 * Checkpoints of mflux: `checkpoints/0000250_checkpoint.zip` (`_checkpoints` up to 0.15.5) has the LoRA, the state of the
 * optimizer and `checkpoint.json`, which names them. It is written under its last name, so a killed program leaves half of one.
 */
import { mkdir, readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import type { LossPoint } from '@limner/contract';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { z } from 'zod';
import type { ProgramJob, ResumePoint, SavedLora } from '../program/training-program.ts';
import { WholeFiles } from '../weights/whole-files.ts';
import { outputFolder } from './mflux-config.ts';
import { lossesOfCheckpoint } from './mflux-losses.ts';

const FOLDERS = ['checkpoints', '_checkpoints'];
const NAME = /^(\d{7,})_checkpoint\.zip$/;
const Listed = z.object({
  files: z.object({ lora_adapter: z.string(), optimizer: z.string(), loss: z.string().optional() }),
});

type Run = Pick<ProgramJob, 'folder' | 'steps'>;

export class MfluxCheckpoints {
  readonly #whole = new WholeFiles(isWhole);

  async saved(run: Run): Promise<SavedLora[]> {
    const whole = await this.#wholeOnes(run);
    return whole
      .filter(({ step }) => step > 0)
      .map(({ step, path: file }) => ({ step, open: () => openLora(file) }));
  }

  async resumePoint(run: Run): Promise<ResumePoint | null> {
    return (await this.#wholeOnes(run)).filter(({ step }) => step > 0 && step < run.steps).at(-1) ?? null;
  }

  /** Of the newest whole one, which has all before it. */
  async losses(run: Run): Promise<LossPoint[]> {
    const newest = (await this.#wholeOnes(run)).at(-1);
    return newest ? lossesIn(newest.path) : [];
  }

  /** Leaves what the run continues from; the whole folder goes where it begins, because mflux would not write into it. */
  async putAside({ folder, from }: Pick<ProgramJob, 'folder' | 'from'>): Promise<void> {
    const output = outputFolder(folder);
    const aside = await freeName(path.join(folder, 'aside'));
    if (from === null) return void (await moved(output, aside));
    for (const { path: file, step } of await found(folder))
      if (step > from.step) await moved(file, path.join(aside, path.basename(file)));
  }

  async #wholeOnes({ folder }: Run): Promise<ResumePoint[]> {
    const whole: ResumePoint[] = [];
    for (const each of await found(folder)) if (await this.#whole.has(each.path)) whole.push(each);
    return whole.sort((a, b) => a.step - b.step);
  }
}

async function found(folder: string): Promise<ResumePoint[]> {
  const points: ResumePoint[] = [];
  for (const below of FOLDERS) {
    const checkpoints = path.join(outputFolder(folder), below);
    for (const name of await readdir(checkpoints).catch(() => [])) {
      const step = NAME.exec(name)?.[1];
      if (step !== undefined) points.push({ step: Number(step), path: path.join(checkpoints, name) });
    }
  }
  return points;
}

/** With its directory, and with a LoRA whose bytes are those that were written. */
async function isWhole(file: string): Promise<boolean> {
  const { zip, lora } = await opened(file);
  try {
    let sum = 0;
    for await (const chunk of await zip.openReadStreamPromise(lora)) sum = crc32(chunk as Buffer, sum);
    return sum === lora.crc32;
  } finally {
    zip.close();
  }
}

async function openLora(file: string): Promise<Readable> {
  const { zip, lora } = await opened(file);
  const body = await zip.openReadStreamPromise(lora);
  return body.once('close', () => zip.close());
}

async function lossesIn(file: string): Promise<LossPoint[]> {
  const { zip, losses } = await opened(file);
  try {
    return losses ? lossesOfCheckpoint(await textOf(zip, losses)) : [];
  } finally {
    zip.close();
  }
}

const textOf = async (zip: ZipFile, entry: Entry): Promise<string> =>
  (await buffer(await zip.openReadStreamPromise(entry))).toString('utf8');

/** @throws Error if it is no whole archive, or lacks a file that it lists */
async function opened(file: string): Promise<{ zip: ZipFile; lora: Entry; losses: Entry | null }> {
  const zip = await openPromise(file, { autoClose: false, lazyEntries: true });
  try {
    const entries = new Map<string, Entry>();
    for await (const entry of zip.eachEntry()) entries.set(entry.fileName, entry);
    const list = entries.get('checkpoint.json');
    if (!list) throw new Error('no checkpoint.json');
    const { files } = Listed.parse(JSON.parse(await textOf(zip, list)));
    const lora = entries.get(files.lora_adapter);
    if (!lora || !entries.has(files.optimizer)) throw new Error('no adapter or optimizer');
    return { zip, lora, losses: entries.get(files.loss ?? '') ?? null };
  } catch (error) {
    zip.close();
    throw error;
  }
}

/** `aside-1` and so on, in the order of the tries. */
async function freeName(stem: string): Promise<string> {
  const names = new Set(await readdir(path.dirname(stem)).catch(() => []));
  let number = 1;
  while (names.has(`${path.basename(stem)}-${number}`)) number += 1;
  return `${stem}-${number}`;
}

async function moved(from: string, to: string): Promise<void> {
  await mkdir(path.dirname(to), { recursive: true });
  await rename(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
