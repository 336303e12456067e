/** From the conditioning to the saved picture. */
import type { Lora } from '@limner/contract';
import type { Graph, GraphBuilder, Link, NodeRef } from '../graph.ts';
import { choicesOf, type ServerInfo } from '../server-info.ts';
import { graphSeed } from './graph-seed.ts';
import type { Canvas, Links, Model, Painting, Pass } from './model.ts';
import { type Saved, saveVideo } from './save-video.ts';
import { type Tiling, tilingDecode, withoutSeams } from './seamless.ts';

export const samplingChoices = (info: ServerInfo) => ({
  sampler: choicesOf(info, 'KSampler', 'sampler_name'),
  scheduler: choicesOf(info, 'KSampler', 'scheduler'),
});

/** By node: ten times the steps that it runs. */
export function samplerWeights(graph: Graph, steps: number): Record<string, number> {
  const samplers = Object.entries(graph).filter(([, { class_type }]) => SAMPLERS.has(class_type));
  return Object.fromEntries(
    samplers.map(([id, { inputs }]) => {
      const { start_at_step: start, end_at_step: end } = inputs;
      return [id, 10 * (typeof start === 'number' && typeof end === 'number' ? end - start : steps)];
    }),
  );
}

const SAMPLERS = new Set(['KSampler', 'KSamplerAdvanced', 'SamplerCustomAdvanced']);

/** The sampler of a second pass, and what it painted over. */
export interface SecondPass {
  sampler: string;
  canvas: Canvas;
}

/**
 * Adds all nodes after the conditioning.
 * `plain`: without the control picture, which does not fit a painting that was moved. `again`: paints over what was painted.
 */
export function sampleAndSave(
  p: Painting,
  { links, plain, canvas }: { links: Links; plain: Links; canvas: Canvas },
  tiling: Tiling | null,
  again: ((painted: Link) => Pass) | null,
): Saved & { second: SecondPass | null } {
  const { b, model, vae } = p;
  const soft = { model: links.model, strength: 1 };
  const ready = canvas.isMasked
    ? { ...links, model: b.add('DifferentialDiffusion', 'soft mask edges', soft).out() }
    : links;
  const sample = sampleOf(model);
  const first = sample(p, ready, canvas);
  const over = again?.(first.out());
  const sampler = over ? sample(p, over.links, over.canvas) : first;
  const second = over ? { sampler: sampler.id, canvas: over.canvas } : null;
  const samples = model.layers === undefined ? sampler.out() : layersAlone(b, sampler.out());
  const { images: image, audio } =
    tiling?.by === 'nodes'
      ? { images: tilingDecode(p, samples, tiling) }
      : (model.decode?.(p, ready, sampler) ?? {
          images: b.add('VAEDecode', 'decode', { samples, vae }).out(),
        });
  if (model.video) return { ...saveVideo(p, model.video, image, audio), second };
  const { size } = over?.canvas ?? canvas;
  const joined =
    tiling?.by === 'repainting' ? withoutSeams(p, plain, { image, size, axes: tiling.axes }, sample) : image;
  const prefix = model.kind === 'edit' ? 'limner/edit' : 'limner/game_asset';
  const output = b.add('SaveImage', 'result', { images: joined, filename_prefix: prefix });
  return { outputNodes: [output.id], second };
}

/** Most of a latent's layers that the node can keep. */
const ALL = 16_384;

/** The latent's first layer is the whole picture once more. Each other one becomes a picture of a batch, in their order. */
function layersAlone(b: GraphBuilder, samples: Link): Link {
  const cut = { samples, dim: 't', index: 1, amount: ALL };
  const layers = b.add('LatentCut', 'without the whole', cut).out();
  const fields = { samples: layers, dim: 't', slice_size: 1 };
  return b.add('LatentCutToBatch', 'one picture a layer', fields).out();
}

/** How a model samples. */
export const sampleOf = ({ sample }: Pick<Model, 'sample'>): NonNullable<Model['sample']> =>
  sample ?? kSampler;

function kSampler({ b, request, model, numbers }: Painting, links: Links, canvas: Canvas): NodeRef {
  const { sampler, scheduler } = request.params;
  return b.add('KSampler', 'sampler', {
    model: links.model,
    seed: graphSeed(request.seed),
    steps: canvas.schedule.steps,
    cfg: numbers.cfg,
    sampler_name: sampler ?? model.sampler,
    scheduler: scheduler ?? model.scheduler ?? 'simple',
    positive: links.positive,
    negative: links.negative,
    latent_image: canvas.latent,
    denoise: canvas.schedule.denoise,
  });
}

/** Facts for the provenance of a painted picture: the effective values, not the requested ones. */
export const paintedWith = (file: string, canvas: Canvas, loras: Lora[]): Record<string, unknown> => ({
  model: file,
  steps: canvas.schedule.steps,
  ...(canvas.schedule.effective < 1 ? { strength: canvas.schedule.effective } : {}),
  ...(loras.length > 0 ? { loras } : {}),
});
