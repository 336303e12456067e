/** A plain family, frames of it, and the context a worker would give, for tests and benches of the ComfyUI engine. */

import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { type FrameRecipe, Recipe } from '@limner/contract';
import sharp from 'sharp';
import { ComfyEngine, type ComfyEngineOptions, serverAt } from '../../src/engines/comfy/comfy-engine.ts';
import type { ComfyFamily } from '../../src/engines/comfy/families/family.ts';
import { GraphBuilder } from '../../src/engines/comfy/graph.ts';
import { missingFor } from '../../src/engines/comfy/preflight.ts';
import type { ServerInfo } from '../../src/engines/comfy/server-info.ts';
import type { EngineOutput, FrameContext, InputPicture } from '../../src/engines/engine.ts';
import type { StoredFile } from '../../src/engines/run-files.ts';
import { FolderRunFiles, storedFile } from '../folder-run-files.ts';
import type { FakeComfy } from './fake-comfy.ts';

export const frame = (change: Partial<FrameRecipe> = {}): FrameRecipe => ({
  ...Recipe.parse({
    kind: 'generation',
    type: 'txt2img',
    prompt: 'a red dragon',
    width: 64,
    height: 64,
    params: { steps: 4 },
  }),
  family: 'plain',
  seed: 1,
  ...change,
});

/** One checkpoint; `params.model` names it. From text, or from a picture when there is one. */
export const plainFamily: ComfyFamily = {
  spec: {
    id: 'plain',
    kind: 'generation',
    label: { en: 'Plain', zh: '朴素' },
    description: { en: 'For tests', zh: '测试用' },
    experimental: false,
    types: ['txt2img', 'img2img'],
    controls: [],
    size: { default: 64, min: 64, max: 2048, step: 8 },
    references: 0,
    loras: false,
    params: [],
  },
  alpha: 'flatten',
  missing: (info: ServerInfo, request = frame()) => missingFor(graphOf(request, new Map()).graph, info),
  plainGraph: () => graphOf(frame(), new Map()).graph,
  build(request, inputs) {
    const { graph, save, sampler } = graphOf(request, inputs);
    const modelKey = request.params.model ?? 'sd_xl_base_1.0.safetensors';
    const summary = { en: `Painted with ${modelKey}`, zh: `使用 ${modelKey} 绘制` };
    return {
      graph,
      outputNodes: [save],
      weights: { [sampler]: 20 },
      modelKey,
      summary,
      details: { model: modelKey },
    };
  },
};

function graphOf(request: FrameRecipe, inputs: Parameters<ComfyFamily['build']>[1]) {
  const b = new GraphBuilder();
  const model = b.add('CheckpointLoaderSimple', 'model', {
    ckpt_name: request.params.model ?? 'sd_xl_base_1.0.safetensors',
  });
  const positive = b.add('CLIPTextEncode', 'prompt', { text: request.prompt, clip: model.out(1) });
  const negative = b.add('CLIPTextEncode', 'negative', { text: request.negative_prompt, clip: model.out(1) });
  const picture = request.input_image ? (inputs.get(request.input_image)?.name ?? 'none.png') : null;
  const pixels = picture && b.add('LoadImage', 'picture', { image: picture });
  const latent = pixels
    ? b.add('VAEEncode', 'encode', { pixels: pixels.out(), vae: model.out(2) })
    : b.add('EmptyLatentImage', 'size', {
        width: request.width ?? 64,
        height: request.height ?? 64,
        batch_size: 1,
      });
  const sampler = b.add('KSampler', 'sampler', {
    model: model.out(0),
    seed: request.seed,
    steps: request.params.steps ?? 4,
    cfg: 1,
    sampler_name: 'euler',
    scheduler: 'simple',
    positive: positive.out(),
    negative: negative.out(),
    latent_image: latent.out(),
    denoise: 1,
  });
  const decode = b.add('VAEDecode', 'decode', { samples: sampler.out(), vae: model.out(2) });
  const save = b.add('SaveImage', 'result', { images: decode.out(), filename_prefix: 'limner/plain' });
  return { graph: b.graph, save: save.id, sampler: sampler.id };
}

/** Records what a worker gets of a frame: its ticket, progress and previews. */
export class Desk implements FrameContext {
  readonly task: number;
  readonly frame: number;
  readonly abort = new AbortController();
  readonly tickets: (string | null)[] = [];
  readonly fractions: number[] = [];
  readonly previews: { bytes: Uint8Array; mediaType: string }[] = [];
  /** The prompts before its own, as it was reported. */
  readonly behind: (number | null)[] = [];
  readonly pictures = new Map<string, InputPicture>();
  ticket: string | null;

  constructor(options: { task?: number; frame?: number; ticket?: string | null } = {}) {
    this.task = options.task ?? 1;
    this.frame = options.frame ?? 0;
    this.ticket = options.ticket ?? null;
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  progress = (fraction: number): void => void this.fractions.push(fraction);
  waits = (behind: number | null): void => void this.behind.push(behind);
  preview = (bytes: Uint8Array, mediaType: string): void => void this.previews.push({ bytes, mediaType });

  openInput = async (id: string): Promise<InputPicture> => {
    const picture = this.pictures.get(id);
    if (!picture) throw new Error(`no picture ${id}`);
    return picture;
  };

  openLora = async (): Promise<StoredFile> => storedFile(Buffer.from('a LoRA'));

  saveTicket = async (ticket: string | null): Promise<void> => {
    this.ticket = ticket;
    this.tickets.push(ticket);
  };

  /** ComfyUI trains nothing. */
  readonly run = new FolderRunFiles('never-written');

  /** The prompt id of the last ticket. */
  get promptId(): string {
    return JSON.parse(this.ticket ?? this.tickets.findLast((ticket) => ticket !== null) ?? '{}').prompt;
  }
}

export async function picture(colour: string, side = 32): Promise<InputPicture> {
  const bytes = await sharp({ create: { width: side, height: side, channels: 3, background: colour } })
    .png()
    .toBuffer();
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { sha256, mediaType: 'image/png', width: side, height: side, read: async () => bytes };
}

/** Pauses short enough for tests; limits long enough that a busy machine does not reach them. */
export const QUICK = {
  pollMs: 150,
  quickPollMs: 40,
  secondPollMs: 30,
  reconnectMs: 20,
  reconnectMaxMs: 80,
  slotCheckMs: 20,
  goneMs: 5_000,
};

export function engineFor(
  fakes: readonly FakeComfy[],
  options: Partial<ComfyEngineOptions> = {},
): ComfyEngine {
  const { timing, ...rest } = options;
  return new ComfyEngine({
    servers: fakes.map((fake, index) => ({ ...serverAt(fake.url), name: `server ${index + 1}` })),
    families: [plainFamily],
    timeoutMs: 20_000,
    log: { info: () => {} },
    timing: { ...QUICK, ...timing },
    ...rest,
  });
}

export async function bytesOf(output: EngineOutput | undefined): Promise<Buffer> {
  if (!output) throw new Error('there is no output');
  if (Buffer.isBuffer(output.body)) return output.body;
  const chunks: Buffer[] = [];
  for await (const chunk of output.body as Readable) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}
