/** What a training keeps, in a folder: for tests of engines and trainers without a worker. Nothing is written before it is asked for. */
import { createReadStream } from 'node:fs';
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { LossPoint, TrainingPhase } from '@limner/contract';
import type { FileBody, OfferedLora, RunFiles, RunState, StoredFile } from '../src/engines/run-files.ts';

export class FolderRunFiles implements RunFiles {
  readonly #folder: string;
  step = 0;
  loss: LossPoint[] = [];

  constructor(folder: string) {
    this.#folder = folder;
  }

  async resumeStep(): Promise<number> {
    return this.step;
  }

  async load(): Promise<RunState> {
    const { step, loss } = this;
    return { checkpoint: await this.checkpoint(), step, loss };
  }

  reached = (_step: number, point: LossPoint | null): void => {
    if (point) this.loss.push(point);
  };

  measured = (point: LossPoint): void => {
    this.loss.push(point);
  };

  readonly phases: TrainingPhase[] = [];

  heard = (phase?: TrainingPhase): void => {
    if (phase && phase !== this.phases.at(-1)) this.phases.push(phase);
  };

  async saveCheckpoint(step: number, body: FileBody): Promise<void> {
    await this.keep('checkpoint', body);
    this.step = step;
  }

  /** Bytes by step, of all that were offered. */
  readonly loras = new Map<number, Buffer>();

  async keepLora({ step, open }: Pick<OfferedLora, 'step' | 'open'>): Promise<void> {
    const body = await open();
    this.loras.set(step, Buffer.isBuffer(body) ? body : Buffer.concat(await body.toArray()));
  }

  async workDir(): Promise<string> {
    const folder = path.join(this.#folder, 'work');
    await mkdir(folder, { recursive: true });
    return folder;
  }

  async end(): Promise<void> {}

  checkpoint(): Promise<StoredFile | null> {
    return this.#file('checkpoint');
  }

  async keep(name: 'checkpoint', body: FileBody): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const temporary = path.join(this.#folder, `${name}.part`);
    await writeFile(temporary, body);
    await rename(temporary, path.join(this.#folder, name));
  }

  async #file(name: string): Promise<StoredFile | null> {
    const file = path.join(this.#folder, name);
    const found = await stat(file).catch(() => null);
    return (
      found && {
        sizeBytes: found.size,
        read: () => readFile(file),
        stream: async () => createReadStream(file),
      }
    );
  }
}

/** A whole file in memory. */
export const storedFile = (bytes: Buffer): StoredFile => ({
  sizeBytes: bytes.length,
  read: async () => bytes,
  stream: async () => Readable.from([bytes]),
});
