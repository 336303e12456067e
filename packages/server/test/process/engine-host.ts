/** In the process of the test: its engines, as the server in a child process uses them. */
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import type { FrameRecipe, RecipeStyle } from '@limner/contract';
import type { Engine, EngineOutput, FrameContext, InputPicture } from '../../src/engines/engine.ts';
import type { RunFiles } from '../../src/engines/run-files.ts';
import { storedFile } from '../folder-run-files.ts';
import { factsOf, QUESTIONS_FD, type Question, type RunFacts } from './engine-facts.ts';
import { Peer } from './peer.ts';

/** @param engines those of the server that runs in the child now. @returns calls to the child */
export function hostEngines(child: ChildProcess, engines: () => readonly Engine[]): Peer {
  const at = (engine: number): Engine => engines()[engine] as Engine;
  const running = new Map<number, AbortController>();
  const peer: Peer = new Peer(child as ConstructorParameters<typeof Peer>[0], {
    async run(engine: number, recipe: FrameRecipe, facts: RunFacts, isAborted: boolean) {
      const aborting = new AbortController();
      running.set(facts.run, aborting);
      if (isAborted) aborting.abort(new Error('aborted'));
      const outputs = at(engine).run(recipe, contextOf(facts, aborting.signal, peer));
      return asCopies(await outputs.finally(() => running.delete(facts.run)));
    },
    abort: (run: number, message: string) => running.get(run)?.abort(new Error(message)),
    refresh: (engine: number) => at(engine).refresh?.(),
    health: (engine: number) => at(engine).health(),
    close: (engine: number) => at(engine).close(),
  });
  child.on('disconnect', () => {
    for (const aborting of running.values()) aborting.abort(new Error('the server has ended'));
  });
  const pipe = child.stdio[QUESTIONS_FD] as Duplex;
  createInterface({ input: pipe }).on('line', (line) => {
    pipe.write(`${JSON.stringify({ value: answered(JSON.parse(line), at) })}\n`);
  });
  return peer;
}

function answered({ engine, method, args }: Question, at: (engine: number) => Engine): unknown {
  if (method === 'facts') return factsOf(at(engine));
  const asked = at(engine) as unknown as Record<string, (...args: unknown[]) => unknown>;
  return asked[method]?.(...args);
}

function contextOf({ run, task, frame, ticket }: RunFacts, signal: AbortSignal, peer: Peer): FrameContext {
  return {
    task,
    frame,
    ticket,
    signal,
    progress: (...args) => peer.send('progress', run, ...args),
    waits: (behind) => peer.send('waits', run, behind),
    preview: (bytes, mediaType) => peer.send('preview', run, bytes, mediaType),
    saveTicket: async (saved) => void (await peer.call('saveTicket', run, saved)),
    async openLora(style: RecipeStyle) {
      const bytes = Buffer.from((await peer.call('openLora', run, style)) as Uint8Array);
      return storedFile(bytes);
    },
    openInput: async (id) => ({
      ...((await peer.call('openInput', run, id)) as Omit<InputPicture, 'read'>),
      read: async () => Buffer.from((await peer.call('readInput', run, id)) as Uint8Array),
    }),
    get run(): RunFiles {
      throw new Error('files of a training run stay in the process of the server');
    },
  };
}

const asCopies = (outputs: EngineOutput[]): EngineOutput[] =>
  outputs.map((output) => {
    if (!Buffer.isBuffer(output.body)) throw new Error('a stream stays in the process of the test');
    return output;
  });
