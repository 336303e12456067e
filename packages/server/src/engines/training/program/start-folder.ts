/**
 * The folder of one start of a program, through which its keeper and the processes of Limner meet. It is claimed once, by
 * whoever first gives it an owner: the keeper, which then starts the program, or a process of Limner that finds no keeper
 * and makes the start void. So a keeper that comes late, because Limner was killed right after it was spawned, starts
 * nothing, and no program is started twice.
 */
import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { parsedOrNull } from '../../../parsed-or-null.ts';
import type { ProgramExit } from './failure.ts';
import { startOf } from './processes.ts';

const Order = z.object({
  command: z.string(),
  args: z.array(z.string()),
  cwd: z.string(),
  mark: z.string(),
  graces: z.object({ intMs: z.number(), termMs: z.number() }),
});
export type Order = z.infer<typeof Order>;

const Keeper = z.object({ pid: z.number().int().positive(), startedAt: z.string(), host: z.string() });
export type Keeper = z.infer<typeof Keeper>;
const Owner = z.union([Keeper, z.literal('nobody')]);
export type Owner = z.infer<typeof Owner>;

const Exit = z.object({
  code: z.number().nullable(),
  signal: z.string().nullable(),
  error: z.string().optional(),
});

const ORDER = 'order.json';
const EXIT = 'exit.json';
const OWNER = 'owner';
const STOPPING = 'stopping';
const WANTED_STOP = 'stop';
const BEAT = 'beat';

export class StartFolder {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async writeOrder(order: Order): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await writeWhole(path.join(this.folder, ORDER), order);
  }

  readOrder(): Promise<Order | null> {
    return read(path.join(this.folder, ORDER), Order);
  }

  /** null: it has none yet. */
  owner(): Promise<Owner | null> {
    return read(path.join(this.folder, OWNER, 'owner.json'), Owner);
  }

  claimAsKeeper = async (): Promise<boolean> =>
    this.#claim({ pid: process.pid, startedAt: (await startOf(process.pid)) ?? '', host: os.hostname() });

  /** False: a keeper was faster. */
  makeVoid = (): Promise<boolean> => this.#claim('nobody');

  /** Renaming a folder to one that is there and not empty fails, on every file system. */
  async #claim(owner: Owner): Promise<boolean> {
    const mine = path.join(this.folder, `mine-${process.pid}-${Date.now()}`);
    await mkdir(mine);
    await writeWhole(path.join(mine, 'owner.json'), owner);
    try {
      await rename(mine, path.join(this.folder, OWNER));
      return true;
    } catch (error) {
      await rm(mine, { recursive: true, force: true });
      if ((await this.owner()) === null) throw error;
      return false;
    }
  }

  /** null: nobody saw it end, or it runs. */
  exit(): Promise<ProgramExit | null> {
    return read(path.join(this.folder, EXIT), Exit);
  }

  writeExit(exit: ProgramExit): Promise<void> {
    return writeWhole(path.join(this.folder, EXIT), exit);
  }

  /** The keeper ends the program and will not be asked otherwise. */
  async markStopping(): Promise<void> {
    await writeWhole(path.join(this.folder, STOPPING), true);
  }

  isStopping(): Promise<boolean> {
    return exists(path.join(this.folder, STOPPING));
  }

  /** Asks a keeper on another machine to stop the program. */
  async wantStop(): Promise<void> {
    await writeWhole(path.join(this.folder, WANTED_STOP), true);
  }

  wantsStop(): Promise<boolean> {
    return exists(path.join(this.folder, WANTED_STOP));
  }

  /** The keeper does so every few seconds, for Limners on other machines that share the folder. */
  async beat(): Promise<void> {
    const file = path.join(this.folder, BEAT);
    await (await open(file, 'a')).close();
    const now = new Date();
    await utimes(file, now, now);
  }

  async beatMs(): Promise<number | null> {
    return (await stat(path.join(this.folder, BEAT)).catch(() => null))?.mtimeMs ?? null;
  }
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

export const isHere = ({ host }: Keeper): boolean => host === os.hostname();

/** null: it is not there, or not whole. */
async function read<T>(file: string, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : (schema.safeParse(parsedOrNull(text)).data ?? null);
}

/** Seen whole or not at all, also after a power cut. */
export async function writeWhole(file: string, value: unknown): Promise<void> {
  const half = `${file}.${process.pid}.half`;
  const handle = await open(half, 'w');
  try {
    await handle.writeFile(JSON.stringify(value));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(half, file);
}
