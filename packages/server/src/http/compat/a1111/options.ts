/** `options`: only the model can be selected. The selection is the caller's own and lasts until Limner stops. */
import { type Caller, type Family, Recipe } from '@limner/contract';
import type { DialectDesk } from '../dialect.ts';
import { modelName } from '../model-names.ts';
import { modelNamed, modelsOf, titleOf } from './models.ts';

/** Callers whose selection is kept; the oldest is dropped first. */
const MAX_CALLERS = 1_000;

export class SelectedModels {
  readonly #desk: Pick<DialectDesk, 'engines'>;
  /** Names of models, by caller. */
  readonly #models = new Map<string, string>();

  constructor(desk: Pick<DialectDesk, 'engines'>) {
    this.#desk = desk;
  }

  /** An unknown model changes nothing. */
  async select(caller: Caller, written: unknown): Promise<void> {
    const model = modelNamed(modelsOf(await this.#desk.engines.offers()), written);
    if (!model) return;
    this.#models.delete(caller.id);
    this.#models.set(caller.id, modelName(model));
    const [oldest] = this.#models.keys();
    if (oldest !== undefined && this.#models.size > MAX_CALLERS) this.#models.delete(oldest);
  }

  /** A model's name; null: none was selected. */
  of(caller: Caller): string | null {
    return this.#models.get(caller.id) ?? null;
  }

  async options(caller: Caller): Promise<Record<string, unknown>> {
    const models = modelsOf(await this.#desk.engines.offers());
    const selected = models.find((model) => modelName(model) === this.of(caller));
    return { ...FIXED, sd_model_checkpoint: selected?.title ?? bestTitle(this.#desk.engines) };
  }
}

/** The family that paints where none is named. */
function bestTitle(engines: DialectDesk['engines']): string {
  const family = familyFor(engines, Recipe.parse({ kind: 'generation', type: 'txt2img', prompt: '-' }));
  return family ? titleOf(family) : '';
}

/** null if none can paint it. */
export function familyFor(engines: DialectDesk['engines'], recipe: Recipe): Family | null {
  try {
    return engines.choose(recipe).family;
  } catch {
    return null;
  }
}

/** What clients read of the many options of A1111. */
const FIXED = {
  samples_format: 'png',
  samples_save: true,
  grid_save: false,
  return_grid: false,
  enable_pnginfo: true,
  sd_checkpoint_hash: '',
  sd_vae: 'Automatic',
  CLIP_stop_at_last_layers: 1,
  eta_noise_seed_delta: 0,
  img2img_fix_steps: false,
  img2img_color_correction: false,
  show_progress_every_n_steps: 1,
  live_previews_enable: true,
};
