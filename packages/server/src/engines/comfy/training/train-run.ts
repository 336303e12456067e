/**
 * One try of a training on a ComfyUI server. The prompt's id and the name of its file are stored before it is sent, so the
 * next try finds it: still running, it is followed; ended, its file is fetched; unknown, because the server was restarted,
 * the file is looked for by its name, and only where there is none the training begins again.
 *
 * ComfyUI's nodes keep no checkpoints, so a run that is stopped begins again.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { parsedOrNull } from '../../../parsed-or-null.ts';
import { unlessAborted } from '../../../unless-aborted.ts';
import { carriesOnLater } from '../../carries-on-later.ts';
import type { TrainingContext, TrainingJob } from '../../training/trainer.ts';
import type { Model } from '../families/model.ts';
import { engineFailed } from '../link/client-errors.ts';
import type { ComfyFile, HistoryEntry } from '../link/client-shapes.ts';
import type { NodeProgress } from '../link/socket-messages.ts';
import { LORA_FOLDER } from '../own-lora.ts';
import { isLost, notSent } from '../run/failures.ts';
import { followJob } from '../run/job.ts';
import { failureOf, succeeded } from '../run/job-outcome.ts';
import type { Timing } from '../run/job-timing.ts';
import type { ComfyPool, Slot } from '../servers/pool.ts';
import type { ComfyServer } from '../servers/server.ts';
import { sendSet } from './set-upload.ts';
import { lackedForTraining, type TrainSettings, trainGraph } from './train-graph.ts';
import type { TrainedModel } from './trained-models.ts';

export interface TrainRunOptions {
  pool: ComfyPool;
  timing: Timing;
  trained: TrainedModel;
  model: Model;
  settings: TrainSettings;
  resolution: number;
}

const Ticket = z.object({
  server: z.string(),
  prompt: z.uuid(),
  client: z.string(),
  /** What its file's name begins with. */
  file: z.string(),
  node: z.string(),
  /** Owner of its place on the server; tickets of earlier versions have none. */
  place: z.string().optional(),
});
type Ticket = z.infer<typeof Ticket>;

/** null for none, and for one that cannot be read. */
const readTicket = (text: string | null): Ticket | null =>
  Ticket.safeParse(parsedOrNull(text ?? '')).data ?? null;

/** Stops the training that an earlier try left on a server. */
export function abandonTraining(pool: ComfyPool, ticket: string | null): void {
  const left = readTicket(ticket);
  if (left) pool.find(left.server)?.server.abandon(left.prompt);
}

/** Loading and encoding are silent, and a step of a large model may take minutes. */
export const TRAIN_SILENCE_MS = 60 * 60_000;
/** The file is listed right after the prompt has ended. */
const LISTED_WITHIN = [0, 200, 1_000, 3_000];

export class TrainRun {
  readonly #options: TrainRunOptions;
  readonly #job: TrainingJob;
  readonly #ctx: TrainingContext;
  #step = 0;

  constructor(options: TrainRunOptions, job: TrainingJob, ctx: TrainingContext) {
    this.#options = options;
    this.#job = job;
    this.#ctx = ctx;
  }

  async lora(): Promise<Readable> {
    const { ticket, signal } = this.#ctx;
    const open = readTicket(ticket);
    const home = open && this.#options.pool.find(open.server);
    if (open && home) {
      await unlessAborted(home.server.settled, signal).catch(() => {
        if (!carriesOnLater(signal.reason)) abandonTraining(this.#options.pool, ticket);
        throw signal.reason;
      });
      const slot = this.#options.pool.adoptWhole(home, { owner: open.place ?? open.prompt, signal });
      const found = await this.#carryOn(slot, open).finally(slot.release);
      if (found) return found;
    }
    return this.#anew();
  }

  /** null: its training is nowhere, or has failed there. */
  async #carryOn(slot: Slot, ticket: Ticket): Promise<Readable | null> {
    const { server } = slot.member;
    try {
      const entry = await this.#follow(server, ticket);
      return succeeded(entry) ? await this.#fetched(server, ticket) : null;
    } catch (error) {
      if (isLost(error)) return this.#left(server, ticket);
      throw this.#stopped(server, ticket, error);
    }
  }

  /** Of a server that was restarted after the file was saved. */
  async #left(server: ComfyServer, ticket: Ticket): Promise<Readable | null> {
    const file = await this.#listed(server, ticket).catch(() => null);
    return file && this.#download(server, file);
  }

  async #anew(): Promise<Readable> {
    const { pool, trained, model, settings } = this.#options;
    const { signal } = this.#ctx;
    const place = `training/${randomUUID()}`;
    const slot = await pool.takeWhole({
      owner: place,
      able: (info) => lackedForTraining(trained, model, settings, info).length === 0,
      signal,
      waiting: () => this.#ctx.alive(),
    });
    try {
      return await this.#train(slot.member.server, slot.member.config.id, place);
    } finally {
      slot.release();
    }
  }

  async #train(server: ComfyServer, id: string, place: string): Promise<Readable> {
    const { trained, model, settings, resolution } = this.#options;
    this.#ctx.phase('preparing');
    const folder = await sendSet(server.client, {
      pictures: this.#job.pictures,
      open: (index) => this.#ctx.openPicture(index),
      resolution,
      signal: this.#ctx.signal,
      sent: () => this.#ctx.alive(),
    });
    const file = `training-${randomUUID()}`;
    const files = { folder, prefix: `loras/${LORA_FOLDER}/${file}` };
    const { graph, trainNode } = trainGraph(trained, model, settings, files, server.knownInfo);
    const { postingId: client } = server;
    const ticket = { server: id, prompt: randomUUID(), client, file, node: trainNode, place };
    await this.#ctx.saveTicket(JSON.stringify(ticket));
    try {
      const entry = await this.#follow(server, ticket, async () => {
        if (server.link !== 'ready') throw notSent(server.client.server);
        const sent = { graph, promptId: ticket.prompt, clientId: ticket.client };
        await server.client.submit(sent, this.#ctx.signal);
      });
      if (!succeeded(entry)) throw failureOf(server.client.server, entry);
      return await this.#fetched(server, ticket);
    } catch (error) {
      const left = isLost(error) ? await this.#left(server, ticket) : null;
      if (left) return left;
      throw this.#stopped(server, ticket, error);
    }
  }

  #follow(server: ComfyServer, ticket: Ticket, send?: () => Promise<void>): Promise<HistoryEntry> {
    const { timing } = this.#options;
    const hooks = {
      signal: this.#ctx.signal,
      weights: new Map([[ticket.node, 1]]),
      clientId: ticket.client,
      timing: { ...timing, runningMs: TRAIN_SILENCE_MS, waitingMs: TRAIN_SILENCE_MS },
      now: () => performance.now(),
      progress: () => this.#ctx.alive(),
      ticked: (nodes: Readonly<Record<string, NodeProgress>>) => this.#ticked(nodes[ticket.node]),
      waits: () => {},
      preview: () => {},
    };
    if (send) this.#ctx.phase('caching');
    return followJob(server, ticket.prompt, hooks, send);
  }

  /** Before its steps a node reports that it runs, as 0 of 1. */
  #ticked(progress: NodeProgress | undefined): void {
    const { steps } = this.#options.settings;
    if (!progress || progress.max !== steps || progress.value <= this.#step) return;
    this.#step = Math.min(steps, progress.value);
    this.#ctx.step(this.#step, null);
  }

  /** The error that ends the try. A training that nobody waits for is stopped. */
  #stopped(server: ComfyServer, ticket: Ticket, error: unknown): unknown {
    const { signal } = this.#ctx;
    if (!signal.aborted) return error;
    if (!carriesOnLater(signal.reason)) {
      server.abandon(ticket.prompt);
      server.inBackground(this.#ctx.saveTicket(null).catch(() => {}));
    }
    return signal.reason;
  }

  async #fetched(server: ComfyServer, ticket: Ticket): Promise<Readable> {
    this.#ctx.phase('saving');
    for (const waitMs of LISTED_WITHIN) {
      await pause(waitMs);
      const file = await this.#listed(server, ticket);
      if (file) return this.#download(server, file);
    }
    throw engineFailed(server.client.server, {
      en: 'its training ended without a LoRA file',
      zh: '训练已结束，但没有 LoRA 文件',
    });
  }

  /** ComfyUI names its files by a counter of its own, and lists them as it lists every LoRA. */
  async #listed({ client }: ComfyServer, { file }: Ticket): Promise<ComfyFile | null> {
    const names = await client.modelNames('loras', this.#ctx.signal);
    const found = names
      .map((name) => name.replaceAll('\\', '/'))
      .find((name) => name.startsWith(`${LORA_FOLDER}/${file}_`));
    return found === undefined
      ? null
      : { filename: found.slice(LORA_FOLDER.length + 1), subfolder: `loras/${LORA_FOLDER}`, type: 'output' };
  }

  /** Whole on this machine before the run ends. */
  async #download({ client }: ComfyServer, file: ComfyFile): Promise<Readable> {
    const { signal } = this.#ctx;
    const answer = await client.view(file, signal);
    if (!answer)
      throw engineFailed(client.server, {
        en: `${file.filename} cannot be read from its output folder`,
        zh: `无法从其 output 文件夹读取 ${file.filename}`,
      });
    const target = path.join(await this.#ctx.workDir(), 'lora.safetensors');
    await writeFile(target, this.#heard(answer.chunks), { signal });
    return createReadStream(target);
  }

  async *#heard(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    for await (const chunk of chunks) {
      this.#ctx.alive();
      yield chunk;
    }
  }
}
