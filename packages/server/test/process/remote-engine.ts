/** In the process of the server: an engine whose work is done in the process of its test. */
import { readSync, writeSync } from 'node:fs';
import type { FrameRecipe, RecipeStyle } from '@limner/contract';
import type { Engine, EngineOutput, FrameContext, InputPicture } from '../../src/engines/engine.ts';
import { type EngineFacts, QUESTIONS_FD, type Question, type RunFacts } from './engine-facts.ts';
import { type Handlers, Peer } from './peer.ts';

interface Run {
  ctx: FrameContext;
  inputs: Map<string, InputPicture>;
}

/** What scripts call of the contexts of the runs in progress. */
function contextHandlers(runs: Map<number, Run>): Handlers {
  const ctxOf = (run: number): FrameContext => {
    const found = runs.get(run);
    if (!found) throw new Error('the run has ended');
    return found.ctx;
  };
  return {
    progress: (run, ...args: Parameters<FrameContext['progress']>) => ctxOf(run).progress(...args),
    waits: (run, behind: number | null) => ctxOf(run).waits(behind),
    preview: (run, bytes: Uint8Array, mediaType: string) => ctxOf(run).preview(bytes, mediaType),
    saveTicket: (run, ticket: string | null) => ctxOf(run).saveTicket(ticket),
    openLora: async (run, style: RecipeStyle) => (await ctxOf(run).openLora(style)).read(),
    openInput: async (run, id: string) => {
      const input = await ctxOf(run).openInput(id);
      runs.get(run)?.inputs.set(id, input);
      const { sha256, mediaType, width, height } = input;
      return { sha256, mediaType, width, height };
    },
    readInput: (run, id: string) => runs.get(run)?.inputs.get(id)?.read(),
  };
}

export class RemoteEngines {
  readonly #peer: Peer;
  readonly #runs = new Map<number, Run>();
  #last = 0;

  /** @param handlers what else the process of the test asks for */
  constructor(handlers: Handlers) {
    const channel = process as unknown as ConstructorParameters<typeof Peer>[0];
    this.#peer = new Peer(channel, { ...contextHandlers(this.#runs), ...handlers });
  }

  engines(count: number): Engine[] {
    const run = this.#run.bind(this);
    return Array.from({ length: count }, (_, engine) => remoteEngine(engine, this.#peer, run));
  }

  async #run(engine: number, recipe: FrameRecipe, ctx: FrameContext): Promise<EngineOutput[]> {
    this.#last += 1;
    const id = this.#last;
    const facts: RunFacts = { run: id, task: ctx.task, frame: ctx.frame, ticket: ctx.ticket };
    const abort = () => this.#peer.send('abort', id, ctx.signal.reason?.message ?? 'aborted');
    this.#runs.set(id, { ctx, inputs: new Map() });
    ctx.signal.addEventListener('abort', abort, { once: true });
    try {
      const outputs = await this.#peer.call('run', engine, recipe, facts, ctx.signal.aborted);
      return outputsOf(outputs as EngineOutput[]);
    } catch (error) {
      throw ctx.signal.aborted ? ctx.signal.reason : error;
    } finally {
      ctx.signal.removeEventListener('abort', abort);
      this.#runs.delete(id);
    }
  }
}

function remoteEngine(
  engine: number,
  peer: Peer,
  run: (engine: number, recipe: FrameRecipe, ctx: FrameContext) => Promise<EngineOutput[]>,
): Engine {
  // biome-ignore lint/suspicious/noExplicitAny: the engine's own answer
  const ask = (method: Question['method'], ...args: unknown[]): any => answerTo({ engine, method, args });
  const { has, ...facts } = ask('facts') as EngineFacts;
  return {
    ...facts,
    families: () => ask('families'),
    supports: (recipe) => ask('supports', recipe),
    missing: (family) => ask('missing', family),
    slots: () => ask('slots'),
    ...(has.includes('loras') ? { loras: () => ask('loras') } : {}),
    ...(has.includes('serverOf') ? { serverOf: (ticket: string) => ask('serverOf', ticket) } : {}),
    ...(has.includes('refresh') ? { refresh: () => peer.call('refresh', engine).then(() => undefined) } : {}),
    run: (recipe, ctx) => run(engine, recipe, ctx),
    health: () => peer.call('health', engine) as ReturnType<Engine['health']>,
    close: () => peer.call('close', engine).then(() => undefined),
  };
}

/** Bytes arrive as plain `Uint8Array`s. */
const outputsOf = (outputs: EngineOutput[]): EngineOutput[] =>
  outputs.map((output) => ({ ...output, body: Buffer.from(output.body as Uint8Array) }));

/** Blocks this process until the test's has answered. */
function answerTo(question: Question): unknown {
  const bytes = Buffer.from(`${JSON.stringify(question)}\n`);
  for (let written = 0; written < bytes.length; ) written += writeSync(QUESTIONS_FD, bytes, written);
  const chunk = Buffer.alloc(64 * 1024);
  const read: Buffer[] = [];
  do {
    const length = readSync(QUESTIONS_FD, chunk);
    if (length === 0) throw new Error('the process of the test has ended');
    read.push(Buffer.from(chunk.subarray(0, length)));
  } while (read.at(-1)?.at(-1) !== 10);
  return JSON.parse(Buffer.concat(read).toString()).value;
}
