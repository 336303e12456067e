/**
 * One try of one frame on ComfyUI: resume an earlier run's prompt, or choose a server, send, follow, collect.
 *
 * The prompt's id is ours and is stored before it is sent. Killed at any line, the next run finds it: finished there, it
 * is collected; running or waiting, it is followed; unknown, it is sent again.
 */

import { randomUUID } from 'node:crypto';
import { type FrameRecipe, StudioError } from '@limner/contract';
import { unlessAborted } from '../../../unless-aborted.ts';
import { carriesOnLater } from '../../carries-on-later.ts';
import type { EngineOutput, FrameContext } from '../../engine.ts';
import type { BuiltGraph, ComfyFamily, UploadedInputs } from '../families/family.ts';
import type { HistoryEntry } from '../link/client-shapes.ts';
import { ownLora } from '../own-lora.ts';
import type { ServerInfo } from '../server-info.ts';
import type { ComfyPool, Member, Need, Slot } from '../servers/pool.ts';
import type { ComfyServer } from '../servers/server.ts';
import { collect, savingElsewhere } from './collect.ts';
import {
  isFileGone,
  isLost,
  isNodeFailure,
  isTimeOut,
  lacksSentFile,
  neverSent,
  notSent,
  Recalled,
  worthAnotherTry,
} from './failures.ts';
import { followJob } from './job.ts';
import { takeOut } from './job-cancel.ts';
import { succeeded } from './job-outcome.ts';
import { nodeWeights } from './job-progress.ts';
import type { Timing } from './job-timing.ts';
import { type Pictures, placeholders, uploadPictures } from './pictures.ts';
import { readTicket, type Ticket, writeTicket } from './ticket.ts';

export interface RunOptions {
  pool: ComfyPool;
  timing: Timing;
  now(): number;
}

/** Limit for servers that become unreachable before sending, and for withdrawn prompts. Each time the frame waits again. */
const MAX_MOVES = 20;

export class ComfyRun {
  readonly #options: RunOptions;
  readonly #family: ComfyFamily;
  readonly #frame: FrameRecipe;
  readonly #ctx: FrameContext;
  readonly #pictures: Pictures;
  /** Servers on which this frame failed. */
  readonly #avoid: Set<string>;
  readonly #need: Need;
  /** The prompt of an earlier run, until it is resumed or given up. */
  #left: Ticket | null;
  #fraction = 0;

  constructor(
    options: RunOptions,
    family: ComfyFamily,
    frame: FrameRecipe,
    ctx: FrameContext,
    pictures: Pictures,

    avoid: Set<string>,
  ) {
    this.#options = options;
    this.#family = family;
    this.#frame = frame;
    this.#ctx = ctx;
    this.#pictures = pictures;
    this.#avoid = avoid;
    this.#left = readTicket(ctx.ticket);
    this.#need = {
      owner: `${ctx.task}/${ctx.frame}`,
      missing: perServer((info) => family.missing(info, frame)),
      modelKey: perServer((info) => this.#build(info, placeholders(pictures)).modelKey),
      avoid,
      signal: ctx.signal,
      waits: (behind) => ctx.waits(behind),
      waiting: () => this.#progress(this.#fraction),
    };
  }

  async outputs(): Promise<EngineOutput[]> {
    try {
      return (await this.#resumed()) ?? (await this.#anew());
    } catch (error) {
      const { signal } = this.#ctx;
      if (signal.aborted && !carriesOnLater(signal.reason)) this.#abandonLeft();
      throw error;
    }
  }

  /**
   * Null if there is nothing to resume, or its server is unreachable. Then the first available server takes the frame. If it
   * is this one, its prompt is looked up before sending.
   */
  async #resumed(): Promise<EngineOutput[] | null> {
    const left = this.#left;
    const home = left && this.#options.pool.find(left.server);
    if (!home) return null;
    await unlessAborted(home.server.settled, this.#ctx.signal);
    if (home.server.link !== 'ready') return null;
    const slot = this.#options.pool.adopt(home, this.#need);
    return await this.#carryOn(slot, left).finally(slot.release);
  }

  async #anew(): Promise<EngineOutput[]> {
    for (let moves = 1; ; moves += 1) {
      const slot = await this.#options.pool.acquire(this.#need);
      try {
        const found = this.#left && (await this.#settleTicket(slot, this.#left));
        return found ?? (await this.#paint(slot));
      } catch (error) {
        const moveOn = error instanceof Recalled || neverSent(error);
        if (!moveOn || moves === MAX_MOVES) throw error;
        if (neverSent(error)) slot.member.server.noticeAway();
      } finally {
        slot.release();
      }
    }
  }

  #settleTicket(slot: Slot, ticket: Ticket): Promise<EngineOutput[] | null> | null {
    if (slot.member.config.id === ticket.server) return this.#carryOn(slot, ticket);
    this.#abandonLeft();
    return null;
  }

  #abandonLeft(): void {
    const left = this.#left;
    this.#left = null;
    if (left) this.#options.pool.find(left.server)?.server.abandon(left.prompt);
  }

  /** Null if there is nothing to resume. */
  async #carryOn(slot: Slot, ticket: Ticket): Promise<EngineOutput[] | null> {
    const { server } = slot.member;
    this.#left = null;
    const known = await server.client.history(ticket.prompt, this.#ctx.signal).catch(() => null);
    if (known && !succeeded(known)) return null;
    try {
      const built = this.#build(server.knownInfo, placeholders(this.#pictures));
      const entry = known ?? (await this.#follow(slot, ticket, built));
      return await collect(server.client, entry, built, this.#family.spec.id, this.#ctx.signal);
    } catch (error) {
      if (isLost(error) || isFileGone(error)) return null;
      throw this.#failed(slot, ticket.prompt, error);
    }
  }

  /** Uploads, sends, follows and collects on one server. */
  async #paint(slot: Slot): Promise<EngineOutput[]> {
    const { server } = slot.member;
    const built = await this.#uploadAndBuild(server);
    try {
      return await this.#send(slot, built);
    } catch (error) {
      if (isFileGone(error)) {
        return this.#send(slot, { ...built, graph: savingElsewhere(built.graph, randomUUID().slice(0, 8)) });
      }
      if (!lacksSentFile(error)) throw error;
      // The file was deleted from the server after the check.
      server.uploads.forget();
      server.loras.forget();
      // It may list a new LoRA in its own spelling: `limner\\x.safetensors` on Windows.
      if (ownLora(this.#frame)) await unlessAborted(server.refresh(), this.#ctx.signal);
      return this.#send(slot, await this.#uploadAndBuild(server));
    }
  }

  async #uploadAndBuild(server: ComfyServer): Promise<BuiltGraph> {
    const { alpha } = this.#family;
    const style = ownLora(this.#frame);
    if (style && this.#family.spec.loras) {
      const sent = server.loras.put(style, () => this.#ctx.openLora(style));
      await unlessAborted(sent, this.#ctx.signal);
    }
    const inputs = await uploadPictures(server.uploads, this.#pictures, alpha, this.#ctx.signal);
    return this.#build(server.knownInfo, inputs);
  }

  async #send(slot: Slot, built: BuiltGraph): Promise<EngineOutput[]> {
    const { server, config } = slot.member;
    const ticket: Ticket = { server: config.id, prompt: randomUUID(), client: server.postingId };
    await this.#ctx.saveTicket(writeTicket(ticket));
    const submission = { graph: built.graph, promptId: ticket.prompt, clientId: ticket.client };
    const post = async () => {
      if (server.link !== 'ready') throw notSent(server.client.server);
      await server.client.submit(submission, this.#ctx.signal);
    };
    try {
      const entry = await this.#follow(slot, ticket, built, post);
      return await collect(server.client, entry, built, this.#family.spec.id, this.#ctx.signal);
    } catch (error) {
      throw this.#failed(slot, ticket.prompt, error);
    }
  }

  /** `post` sends the prompt; without it the prompt is one that was sent by an earlier run. */
  async #follow(
    slot: Slot,
    ticket: Ticket,
    built: BuiltGraph,
    post?: () => Promise<void>,
  ): Promise<HistoryEntry> {
    const { timing, now } = this.#options;
    const recalled = new AbortController();
    const { server } = slot.member;
    if (post)
      slot.recall = () =>
        server.inBackground(
          takeOut(server.client, ticket.prompt).then(
            (out) => {
              if (out) recalled.abort(new Recalled());
            },
            () => undefined,
          ),
        );
    const hooks = {
      signal: AbortSignal.any([this.#ctx.signal, recalled.signal]),
      weights: nodeWeights(built.graph, built.weights),
      clientId: ticket.client,
      timing,
      now,
      progress: (fraction: number) => this.#progress(fraction),
      waits: (behind: number | null) => this.#ctx.waits(behind),
      preview: (bytes: Uint8Array, mediaType: string) => this.#ctx.preview(bytes, mediaType),
    };
    const entry = await this.#traced(slot, ticket, post !== undefined, () =>
      followJob(server, ticket.prompt, hooks, post),
    ).finally(() => hooks.waits(null));
    // The GPU is free, so the next frame can start while this picture is downloaded.
    slot.release(succeeded(entry));
    return entry;
  }

  /** A span of the prompt, from when it is sent or found again until it has ended. */
  async #traced<T>(
    { member }: Slot,
    { prompt }: Ticket,
    isNew: boolean,
    follow: () => Promise<T>,
  ): Promise<T> {
    const span = this.#ctx.span?.child('comfyui prompt', 'client', {
      'limner.prompt': prompt,
      'limner.server': member.config.id,
      'limner.resumed': !isNew,
    });
    try {
      const followed = await follow();
      span?.end();
      return followed;
    } catch (error) {
      span?.end(error);
      throw error;
    }
  }

  /** What a failure needs beside its error: stop the prompt, free memory, try another server next. */
  #failed({ member }: Slot, promptId: string, error: unknown): unknown {
    const { signal } = this.#ctx;
    const cause = signal.aborted ? signal.reason : error;
    if (carriesOnLater(cause) || cause instanceof Recalled) return cause;
    if (signal.aborted || isTimeOut(cause)) this.#giveUp(member.server, promptId);
    if (neverSent(cause)) member.server.abandon(promptId);
    else if (cause instanceof StudioError && !isFileGone(cause)) {
      this.#blame(member, cause);
      if (isNodeFailure(cause) && this.#isElsewhere()) return worthAnotherTry(cause);
    }
    return cause;
  }

  /** Another server that can take this frame and has not failed it. */
  #isElsewhere(): boolean {
    return this.#options.pool
      .enabled()
      .some(
        ({ config, server }) =>
          !this.#avoid.has(config.id) && server.info !== null && this.#need.missing(server.info).length === 0,
      );
  }

  #blame(member: Member, { code }: StudioError): void {
    const { server, config } = member;
    this.#avoid.add(config.id);
    if (code === 'engine_refused') server.inBackground(server.refresh().catch(() => {}));
    if (code !== 'out_of_memory') return;
    member.warmKey = null;
    server.inBackground(server.client.free().catch(() => {}));
  }

  #giveUp(server: ComfyServer, promptId: string): void {
    server.abandon(promptId);
    server.inBackground(this.#ctx.saveTicket(null).catch(() => {}));
  }

  #build(info: ServerInfo, inputs: UploadedInputs): BuiltGraph {
    return this.#family.build(this.#frame, inputs, info);
  }

  #progress(fraction: number): void {
    this.#fraction = Math.max(this.#fraction, fraction);
    this.#ctx.progress(this.#fraction);
  }
}

/** Cached, because it is needed repeatedly while a frame waits and changes only with the server's information. */
function perServer<T>(answer: (info: ServerInfo) => T): (info: ServerInfo) => T {
  const known = new WeakMap<ServerInfo, { value: T }>();
  return (info) => {
    const entry = known.get(info) ?? { value: answer(info) };
    known.set(info, entry);
    return entry.value;
  };
}
