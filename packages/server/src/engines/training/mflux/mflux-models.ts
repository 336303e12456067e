/**
 * The models that mflux trains here. Modules, steps and time steps are those of its examples: 0.18.0 for Z-Image Turbo and
 * FLUX.2 klein, 0.15.5 for FLUX.1, which newer versions refuse to train. It downloads the weights on first use.
 */

/** `flux1`: up to 0.15.5; `newer`: from 0.16.0 on, with another configuration and other options. */
export type MfluxGeneration = 'flux1' | 'newer';

/** Modules of the same blocks; `blocks` absent: there is one of each. The end is exclusive. */
export interface MfluxModules {
  prefix: string;
  names: readonly string[];
  blocks?: readonly [start: number, end: number];
}

export interface MfluxModel {
  /** Its name in mflux, too. */
  id: string;
  generation: MfluxGeneration;
  /** The family that the style works with. */
  family: string;
  label: string;
  /** Steps of the schedule of noise, not of the training, and those of them that are trained. */
  schedule: { steps: number; guidance: number; from: number };
  modules: readonly MfluxModules[];
}

const ATTENTION = ['attn.to_q', 'attn.to_k', 'attn.to_v'];
const ADDED = ['attn.add_q_proj', 'attn.add_k_proj', 'attn.add_v_proj', 'attn.to_add_out'];

const klein = (double: number, single: number): readonly MfluxModules[] => [
  {
    prefix: 'transformer_blocks.{block}.',
    names: [
      ...ATTENTION,
      'attn.to_out',
      ...ADDED,
      ...['ff.linear_in', 'ff.linear_out', 'ff_context.linear_in', 'ff_context.linear_out'],
    ],
    blocks: [0, double],
  },
  {
    prefix: 'single_transformer_blocks.{block}.',
    names: ['attn.to_qkv_mlp_proj', 'attn.to_out'],
    blocks: [0, single],
  },
];

/** As its documentation trains the base models of klein: the late half of the schedule. */
const BASE_SCHEDULE = { steps: 40, guidance: 1, from: 25 };

/** The usual one first. */
export const MFLUX_MODELS: readonly MfluxModel[] = [
  {
    ...{ id: 'z-image-turbo', generation: 'newer', family: 'z-image', label: 'Z-Image Turbo' },
    schedule: { steps: 9, guidance: 0, from: 4 },
    modules: [
      {
        prefix: 'layers.{block}.',
        names: [
          ...['attention.to_q', 'attention.to_k', 'attention.to_v', 'attention.to_out.0'],
          ...['feed_forward.w1', 'feed_forward.w2', 'feed_forward.w3'],
        ],
        blocks: [0, 30],
      },
      { prefix: '', names: ['cap_embedder.1', 'all_final_layer.2-1.linear'] },
    ],
  },
  {
    ...{ id: 'flux2-klein-base-4b', generation: 'newer', family: 'flux2-klein', label: 'FLUX.2 klein 4B' },
    schedule: BASE_SCHEDULE,
    modules: klein(5, 20),
  },
  {
    ...{ id: 'flux2-klein-base-9b', generation: 'newer', family: 'flux2-klein', label: 'FLUX.2 klein 9B' },
    schedule: BASE_SCHEDULE,
    modules: klein(8, 24),
  },
  {
    ...{ id: 'dev', generation: 'flux1', family: 'flux-dev', label: 'FLUX.1 dev (mflux 0.15.5)' },
    schedule: { steps: 20, guidance: 3, from: 0 },
    modules: [
      {
        prefix: 'single_transformer_blocks',
        names: ['proj_out', 'proj_mlp', ...ATTENTION],
        blocks: [0, 38],
      },
    ],
  },
];
