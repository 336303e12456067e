/** From the draft of a training to its request, and what is wrong with it. Pure. */
import type { Trainer, TrainerParam, TrainerPreset, TrainingInput, TrainingParams } from '@limner/contract';
import type { DraftPicture, TrainingDraft } from './run-draft.ts';

/** What every trainer has, in the order of the form. */
const LEADING = ['lora_rank', 'learning_rate', 'steps'];
/** The model that is trained, where a trainer knows several. */
const MODEL = 'family';

/** The chosen one, or else the best that is available; null: there is none. */
export const trainerOf = (trainers: readonly Trainer[], chosen: string | null): Trainer | null =>
  trainers.find(({ id }) => id === chosen) ??
  trainers.find(({ available }) => available) ??
  trainers[0] ??
  null;

/** Every parameter of the trainer: changed, or with its default. */
export const paramsFor = (trainer: Trainer, { params }: Pick<TrainingDraft, 'params'>): TrainingParams =>
  Object.fromEntries(
    trainer.params.map((param) => [param.key, params[trainer.id]?.[param.key] ?? param.default]),
  );

/** `folded`: what most users leave as it is. */
export function groupedParams({ params }: Trainer): {
  model: TrainerParam | null;
  leading: TrainerParam[];
  folded: TrainerParam[];
} {
  const leading = LEADING.flatMap((key) => params.find((param) => param.key === key) ?? []);
  const model = params.find(({ key }) => key === MODEL) ?? null;
  return { model, leading, folded: params.filter((param) => param !== model && !leading.includes(param)) };
}

/** The preset whose values the form has. */
export const presetOf = ({ presets }: Trainer, params: TrainingParams): TrainerPreset | undefined =>
  presets.find((preset) => Object.entries(preset.params).every(([key, value]) => params[key] === value));

/** `ready`: those that a run learns from. A picture that cannot be read is neither ready nor being read. */
export function countsOf({ dataset, pictures }: Pick<TrainingDraft, 'dataset' | 'pictures'>) {
  if (dataset) return { ready: dataset.pictures, pending: 0 };
  const ready = pictures.filter(({ ref }) => ref !== null).length;
  return { ready, pending: pictures.filter(isPending).length };
}

const isPending = ({ ref, problem }: DraftPicture): boolean => ref === null && problem === null;

export const isOutside = (ready: number, { min, max }: Trainer['images']): boolean =>
  ready < min || ready > max;

export const requestOf = (draft: TrainingDraft, trainer: Trainer): TrainingInput => ({
  style_name: draft.name.trim(),
  style_type: draft.type,
  trigger_words: draft.triggers.trim(),
  ...(draft.dataset
    ? { dataset: draft.dataset.id }
    : { images: draft.pictures.flatMap(({ ref, caption }) => (ref ? [{ image: ref, caption }] : [])) }),
  params: paramsFor(trainer, draft),
  trainer: trainer.id,
});

/** Sentences by the field that is to be mended. */
export function problemsOf(draft: TrainingDraft, { images }: Pick<Trainer, 'images'>) {
  const { ready } = countsOf(draft);
  const count =
    ready < images.min
      ? ('training.tooFew' as const)
      : ready > images.max
        ? ('training.tooMany' as const)
        : null;
  return { pictures: count, name: draft.name.trim() === '' ? ('training.nameFirst' as const) : null };
}

export const isUploading = (draft: TrainingDraft): boolean => countsOf(draft).pending > 0;
