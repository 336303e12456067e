/**
 * One try of one frame on ComfyUI: pick up what an earlier run left, or find a server, send, follow, collect.
 *
 * The prompt's id is ours and is stored before it is sent. Killed at any line, the next run finds it: finished there, it
 * is collected; running or waiting, it is followed; unknown, it is sent again.
 */

import { randomUUID } from 'node:crypto';
import type { FrameRecipe } from '@limner/contract';
import { StudioError } from '../../../error.ts';
import type { EngineOutput, FrameContext } from '../../engine.ts';
import type { BuiltGraph, ComfyFamily, UploadedInputs } from '../families/family.ts';
import type { HistoryEntry } from '../link/client-shapes.ts';
import type { ServerInfo } from '../server-info.ts';
import type { ComfyPool, Member, Need, Place } from '../servers/pool.ts';
import type { ComfyServer } from '../servers/server.ts';
import { unlessAborted } from './abort.ts';
import { collect, savingElsewhere } from './collect.ts';
import {
  carriesOnLater,
  isFileGone,
  isLost,
  isNodeFailure,
  isTimeOut,
  lacksPicture,
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

/** Servers that go away between being chosen and being sent to, and prompts that are taken back. Each time the frame waits anew. */
const MAX_MOVES = 20;

export class ComfyRun {
  private readonly need: Need;
  private fraction = 0;

  constructor(
    private readonly options: RunOptions,
    private readonly family: ComfyFamily,
    private readonly frame: FrameRecipe,
    private readonly ctx: FrameContext,
    private readonly pictures: Pictures,
    /** Servers that failed this frame; grows when another does. */
    private readonly avoid: Set<string>,
  ) {
    this.need = {
      missing: perServer((info) => family.missing(info, frame)),
      modelKey: perServer((info) => this.build(info, placeholders(pictures)).modelKey),
      avoid,
      signal: ctx.signal,
      waiting: () => this.progress(this.fraction),
    };
  }

  async outputs(): Promise<EngineOutput[]> {
    const ticket = readTicket(this.ctx.ticket);
    const home = ticket && this.options.pool.find(ticket.server);
    if (!home) return this.anew(null);
    await unlessAborted(home.server.settled, this.ctx.signal);
    // Away: whichever server is there first takes the frame. If it is this one, it is asked before anything is sent.
    if (home.server.link !== 'ready') return this.anew(ticket);
    const place = this.options.pool.adopt(home);
    const found = await this.carryOn(place, ticket).finally(place.release);
    return found ?? this.anew(null);
  }

  private async anew(ticket: Ticket | null): Promise<EngineOutput[]> {
    let open = ticket;
    for (let moves = 1; ; moves += 1) {
      const place = await this.options.pool.acquire(this.need);
      try {
        const found = open && (await this.settleTicket(place, open));
        open = null;
        return found ?? (await this.paint(place));
      } catch (error) {
        const moveOn = error instanceof Recalled || neverSent(error);
        if (!moveOn || moves === MAX_MOVES) throw error;
        if (neverSent(error)) place.member.server.noticeAway();
      } finally {
        place.release();
      }
    }
  }

  private settleTicket(place: Place, ticket: Ticket): Promise<EngineOutput[] | null> | null {
    if (place.member.config.id === ticket.server) return this.carryOn(place, ticket);
    this.options.pool.find(ticket.server)?.server.abandon(ticket.prompt);
    return null;
  }

  /** Null when there is nothing to carry on with. */
  private async carryOn(place: Place, ticket: Ticket): Promise<EngineOutput[] | null> {
    const { server } = place.member;
    const known = await server.client.history(ticket.prompt, this.ctx.signal).catch(() => null);
    if (known && !succeeded(known)) return null;
    try {
      const built = this.build(infoOf(server), placeholders(this.pictures));
      const entry = known ?? (await this.follow(place, ticket, built));
      return await collect(server.client, entry, built, this.family.spec.id, this.ctx.signal);
    } catch (error) {
      if (isLost(error) || isFileGone(error)) return null;
      throw this.failed(place, ticket.prompt, error);
    }
  }

  /** Uploads, sends, follows and collects on one server. */
  private async paint(place: Place): Promise<EngineOutput[]> {
    const { server } = place.member;
    const built = await this.uploadAndBuild(server);
    try {
      return await this.send(place, built);
    } catch (error) {
      if (isFileGone(error)) {
        return this.send(place, { ...built, graph: savingElsewhere(built.graph, randomUUID().slice(0, 8)) });
      }
      if (!lacksPicture(error)) throw error;
      // Somebody tidied the input folder since we looked.
      server.uploads.forget();
      return this.send(place, await this.uploadAndBuild(server));
    }
  }

  private async uploadAndBuild(server: ComfyServer): Promise<BuiltGraph> {
    const { family, pictures, ctx } = this;
    return this.build(
      infoOf(server),
      await uploadPictures(server.uploads, pictures, family.alpha, ctx.signal),
    );
  }

  private async send(place: Place, built: BuiltGraph): Promise<EngineOutput[]> {
    const { server, config } = place.member;
    const ticket: Ticket = { server: config.id, prompt: randomUUID(), client: server.postingId };
    await this.ctx.saveTicket(writeTicket(ticket));
    const submission = { graph: built.graph, promptId: ticket.prompt, clientId: ticket.client };
    const post = async () => {
      if (server.link !== 'ready') throw notSent(server.client.server);
      await server.client.submit(submission, this.ctx.signal);
    };
    try {
      const entry = await this.follow(place, ticket, built, post);
      return await collect(server.client, entry, built, this.family.spec.id, this.ctx.signal);
    } catch (error) {
      throw this.failed(place, ticket.prompt, error);
    }
  }

  /** `post` sends the prompt; without it the prompt is one that was sent by an earlier run. */
  private async follow(
    place: Place,
    ticket: Ticket,
    built: BuiltGraph,
    post?: () => Promise<void>,
  ): Promise<HistoryEntry> {
    const { timing, now } = this.options;
    const recalled = new AbortController();
    const { server } = place.member;
    if (post)
      place.recall = () =>
        server.inBackground(
          takeOut(server.client, ticket.prompt).then(
            (out) => {
              if (out) recalled.abort(new Recalled());
            },
            () => undefined,
          ),
        );
    const hooks = {
      signal: AbortSignal.any([this.ctx.signal, recalled.signal]),
      weights: nodeWeights(built.graph, built.weights),
      clientId: ticket.client,
      timing,
      now,
      progress: (fraction: number) => this.progress(fraction),
      preview: (bytes: Uint8Array, mediaType: string) => this.ctx.preview(bytes, mediaType),
    };
    const entry = await followJob(server, ticket.prompt, hooks, post);
    // The GPU is free: the next frame may come while this one's picture is on its way.
    place.release(succeeded(entry));
    return entry;
  }

  /** What a failure asks for beside being told: a prompt stopped, memory freed, another server tried next. */
  private failed({ member }: Place, promptId: string, error: unknown): unknown {
    const { signal } = this.ctx;
    const cause = signal.aborted ? signal.reason : error;
    if (carriesOnLater(cause) || cause instanceof Recalled) return cause;
    if (signal.aborted || isTimeOut(cause)) this.giveUp(member.server, promptId);
    if (neverSent(cause)) member.server.abandon(promptId);
    else if (cause instanceof StudioError && !isFileGone(cause)) {
      this.blame(member, cause);
      if (isNodeFailure(cause) && this.isElsewhere()) return worthAnotherTry(cause);
    }
    return cause;
  }

  /** A server that did not fail this frame yet and can take it. */
  private isElsewhere(): boolean {
    return this.options.pool
      .enabled()
      .some(
        ({ config, server }) =>
          !this.avoid.has(config.id) && server.info !== null && this.need.missing(server.info).length === 0,
      );
  }

  private blame(member: Member, { code }: StudioError): void {
    const { server, config } = member;
    this.avoid.add(config.id);
    if (code === 'engine_refused') server.inBackground(server.refresh().catch(() => {}));
    if (code !== 'out_of_memory') return;
    member.warmKey = null;
    server.inBackground(server.client.free().catch(() => {}));
  }

  private giveUp(server: ComfyServer, promptId: string): void {
    server.abandon(promptId);
    server.inBackground(this.ctx.saveTicket(null).catch(() => {}));
  }

  private build(info: ServerInfo, inputs: UploadedInputs): BuiltGraph {
    return this.family.build(this.frame, inputs, info);
  }

  private progress(fraction: number): void {
    this.fraction = Math.max(this.fraction, fraction);
    this.ctx.progress(this.fraction);
  }
}

/** Only servers that are there are chosen, and those have told what they have. */
function infoOf(server: ComfyServer): ServerInfo {
  if (!server.info) throw new Error(`${server.config.name} was chosen before it told what it has`);
  return server.info;
}

/** An answer is asked for again and again while a frame waits; it changes only with what the server has. */
function perServer<T>(answer: (info: ServerInfo) => T): (info: ServerInfo) => T {
  const known = new WeakMap<ServerInfo, { value: T }>();
  return (info) => {
    const entry = known.get(info) ?? { value: answer(info) };
    known.set(info, entry);
    return entry.value;
  };
}
