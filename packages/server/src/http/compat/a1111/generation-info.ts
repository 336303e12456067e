/** The `info` of an answer: what was painted, as against `parameters`, which is what was asked. */
import {
  a1111Sampler,
  type Bilingual,
  type Family,
  hiresSettings,
  type Language,
  type Task,
} from '@limner/contract';
import { picturesOf } from '../document-answer.ts';
import { modelName } from '../model-names.ts';
import { jobTimestamp } from './progress.ts';

export interface Painted {
  task: Task;
  family: Family | undefined;
  /** Of the pictures, in their order. */
  infotexts: string[];
  /** The style names of the request. */
  styles: string[];
  notes: Bilingual[];
  language: Language;
  version: string;
}

export function generationInfo({ task, family, infotexts, styles, notes, language, version }: Painted) {
  const { params, frames } = task;
  const made = frames.filter(({ output }) => output !== null);
  const seeds = made.map(({ seed }) => seed);
  const prompts = made.map(({ drawn }) => drawn?.prompt ?? task.prompt);
  const negatives = made.map(({ drawn }) => drawn?.negative_prompt ?? task.negative_prompt ?? '');
  const [first] = picturesOf(task);
  const own = (key: string) => family?.params.find((param) => param.key === key && param.effect)?.default;
  const said = notesOf(task, notes).map((note) => note[language]);
  return {
    prompt: prompts[0] ?? task.prompt,
    all_prompts: prompts,
    negative_prompt: negatives[0] ?? task.negative_prompt ?? '',
    all_negative_prompts: negatives,
    seed: seeds[0] ?? task.seed ?? -1,
    all_seeds: seeds,
    subseed: seeds[0] ?? -1,
    all_subseeds: seeds,
    subseed_strength: 0,
    width: first?.width ?? task.width ?? 0,
    height: first?.height ?? task.height ?? 0,
    sampler_name: a1111Sampler(String(params.sampler ?? own('sampler') ?? '')),
    cfg_scale: params.cfg ?? own('cfg') ?? 1,
    steps: params.steps ?? own('steps') ?? 0,
    batch_size: task.batch_size,
    restore_faces: false,
    face_restoration_model: null,
    sd_model_name: modelName({ family: task.family, file: fileOf(task) }),
    sd_model_hash: '',
    sd_vae_name: null,
    sd_vae_hash: null,
    seed_resize_from_w: -1,
    seed_resize_from_h: -1,
    denoising_strength: params.hires_denoise ?? params.denoise ?? null,
    extra_generation_params: {
      ...hiresSettings(task.recipe),
      ...(said.length > 0 ? { Limner: said.join(' ') } : {}),
    },
    index_of_first_image: 0,
    infotexts,
    styles,
    job_timestamp: jobTimestamp(new Date(task.created_at)),
    clip_skip: 1,
    is_using_inpainting_conditioning: false,
    version: `limner ${version}`,
  };
}

/** A file that the request or the sender's options chose. */
const fileOf = ({ params }: Task): string | null => (typeof params.model === 'string' ? params.model : null);

/** Each once: a parameter that has no effect may have a note of its own. */
function notesOf({ choice }: Task, notes: Bilingual[]): Bilingual[] {
  const ignored = choice.ignored.map((field) => ({
    en: `${field} has no effect.`,
    zh: `${field} 不起作用。`,
  }));
  return [choice.note, ...notes, ...ignored];
}
