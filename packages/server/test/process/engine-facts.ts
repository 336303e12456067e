/** What the process of a server knows of an engine that lives in the process of its test. */
import type { Engine } from '../../src/engines/engine.ts';

/** Of a child that has engines of its test: questions to them. Node takes 0…2 for its streams and 3 for its channel. */
export const QUESTIONS_FD = 4;

const OPTIONAL = ['loras', 'refresh', 'serverOf'] as const;

/** Asked as a line of JSON, answered as one at once: the port wants these without waiting. */
export interface Question {
  engine: number;
  method: 'facts' | 'families' | 'supports' | 'missing' | 'loras' | 'slots' | 'serverOf';
  args: unknown[];
}

export interface EngineFacts
  extends Pick<Engine, 'id' | 'label' | 'preference' | 'lanes' | 'silenceMs' | 'tries'> {
  has: (typeof OPTIONAL)[number][];
}

export const factsOf = (engine: Engine): EngineFacts => {
  const { id, label, preference, lanes, silenceMs, tries } = engine;
  const has = OPTIONAL.filter((method) => engine[method] !== undefined);
  return { id, label, preference, lanes, silenceMs, tries, has };
};

/** Where and what a frame is run for. */
export interface RunFacts {
  /** One of the calls of `run`. */
  run: number;
  task: number;
  frame: number;
  ticket: string | null;
}
