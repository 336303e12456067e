/** Seeds in graphs. KSampler and RandomNoise take 0…2⁶⁴−1 (ComfyUI's `nodes.py`, `comfy_extras/nodes_custom_sampler.py`). */
import { MAX_SEED, type Seed } from '@limner/contract';

export const COMFY_MAX_SEED: Seed = String(MAX_SEED);

export const graphSeed = (seed: Seed): number | bigint => (typeof seed === 'string' ? BigInt(seed) : seed);
