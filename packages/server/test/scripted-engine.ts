/** An engine for tests that does what its script says, and makes real PNGs. */

import type { EngineHealth, Family, FrameRecipe, Missing } from '@limner/contract';
import sharp from 'sharp';
import type { Engine, EngineOutput, FrameContext, Lane } from '../src/engines/engine.ts';
import { paintingLanes, USUAL_SILENCE_MS, USUAL_TRIES } from '../src/engines/policy.ts';

export type Script = (
  frame: FrameRecipe,
  context: FrameContext,
  engine: ScriptedEngine,
) => Promise<Buffer | null> | Buffer | null;

const pixel = sharp({
  create: { width: 8, height: 8, channels: 4, background: { r: 200, g: 40, b: 20, alpha: 1 } },
}).png();
export const tinyPng = await pixel.toBuffer();

const family: Family = {
  id: 'scripted',
  kind: 'generation',
  label: { en: 'Scripted', zh: '脚本' },
  description: { en: 'For tests', zh: '测试用' },
  experimental: false,
  types: ['txt2img', 'img2img'],
  controls: [],
  size: { default: 512, min: 64, max: 2048, step: 8 },
  references: 0,
  loras: true,
  params: [],
};

export interface ScriptedEngineOptions {
  id?: string;
  slots?: number;
  silenceMs?: number;
  tries?: number;
}

export class ScriptedEngine implements Engine {
  readonly id: string;
  readonly label = { en: 'Scripted', zh: '脚本' };
  readonly preference: number = 1;
  readonly lanes: Lane[];
  readonly silenceMs: number;
  readonly tries: number;
  /** Every run, in order of its beginning. */
  readonly runs: { task: number; frame: number; request: FrameRecipe; ticket: string | null }[] = [];
  obstacles: Missing[] = [];
  readonly #script: Script;
  readonly #slots: number;

  constructor(script: Script = () => tinyPng, options: ScriptedEngineOptions = {}) {
    this.#script = script;
    this.id = options.id ?? 'scripted';
    this.lanes = paintingLanes(this.id);
    this.silenceMs = options.silenceMs ?? USUAL_SILENCE_MS;
    this.tries = options.tries ?? USUAL_TRIES;
    this.#slots = options.slots ?? 1;
  }

  families(): Family[] {
    return [family];
  }

  supports(): Missing[] {
    return this.obstacles;
  }

  missing(): Missing[] {
    return this.obstacles;
  }

  slots(): number {
    return this.#slots;
  }

  async run(request: FrameRecipe, context: FrameContext): Promise<EngineOutput[]> {
    this.runs.push({ task: context.task, frame: context.frame, request, ticket: context.ticket });
    const body = await this.#script(request, context, this);
    const summary = { en: 'Made by a script.', zh: '由脚本生成。' };
    return body
      ? [
          {
            body,
            mediaType: 'image/png',
            provenance: { engine: this.id, family: 'scripted', summary, details: {} },
          },
        ]
      : [];
  }

  async health(): Promise<EngineHealth[]> {
    return [];
  }

  async close(): Promise<void> {}
}

/** Resolves when the signal is aborted, like an engine that stops at an abort. */
export const untilAborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
