/** What the FLUX.2 models share: their latent, their schedule by picture size, and reference pictures as latents. */
import type { NodeRef } from '../graph.ts';
import { latentReferences } from './conditioning.ts';
import { graphSeed } from './graph-seed.ts';
import { type Canvas, type Links, type Model, named, type Painting } from './model.ts';
import { PAINTER, SEPARATE_FILES } from './shared-forms.ts';
import { byWords } from './style-pictures.ts';

export const FLUX_TWO = {
  ...PAINTER,
  ...SEPARATE_FILES,
  size: { default: 1024, min: 256, max: 2048, step: 16 },
  vae: { usual: 'flux2-vae.safetensors', matches: named(/flux[-_. ]?2.*vae/i) },
  scheduler: null,
  strength: { img2img: 0.7, inpaint: 0.9 },
  emptyLatent: 'EmptyFlux2LatentImage',
  sample,
  attach: latentReferences,
  style: { most: 4, ways: [byWords('image')] },
} satisfies Partial<Model>;

/** The model's own second family: an instruction changes reference pictures. */
export const editOf = (model: Model, own: Pick<Model, 'id' | 'description' | 'references'>): Model => ({
  ...model,
  ...own,
  kind: 'edit',
  types: [],
  strength: null,
  style: { ...FLUX_TWO.style, most: Math.min(FLUX_TWO.style.most, (own.references ?? 1) - 1) },
});

function sample(p: Painting, links: Links, { size, schedule, latent }: Canvas): NodeRef {
  const { b, request, model, numbers } = p;
  const { steps: run, effective } = schedule;
  const { positive, negative } = links;
  const sampler_name = request.params.sampler ?? model.sampler;
  const noise = b.add('RandomNoise', 'seed', { noise_seed: graphSeed(request.seed) });
  const guider = b.add('CFGGuider', 'cfg', { model: links.model, positive, negative, cfg: numbers.cfg });
  const sampler = b.add('KSamplerSelect', 'sampler', { sampler_name });
  const whole = b.add('Flux2Scheduler', 'schedule', { steps: Math.round(run / effective), ...size });
  const sigmas =
    effective < 1
      ? b.add('SplitSigmasDenoise', 'strength', { sigmas: whole.out(), denoise: effective }).out(1)
      : whole.out();
  const fields = { noise: noise.out(), guider: guider.out(), sampler: sampler.out(), sigmas };
  return b.add('SamplerCustomAdvanced', 'sample', { ...fields, latent_image: latent });
}
