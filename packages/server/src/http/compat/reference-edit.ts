/**
 * Work of a reference picture and words. It is an edit where a family for edits is ready; otherwise a generation that
 * begins with the first picture, and `workNote` says so.
 */
import {
  type Bilingual,
  type Caller,
  type EditRequest,
  GenerateRequest,
  type ImageRef,
  type Language,
  StudioError,
  type Task,
} from '@limner/contract';
import type { Engines } from '../../engines/engines.ts';
import type { NewTasks } from '../../tasks/new-tasks.ts';
import { type RequestedTask, requestedEdit, requestedGeneration } from '../../tasks/requested-task.ts';

/** @param fieldOf the dialect's name of a field of the native request */
export async function createReferenceEdit(
  caller: Caller,
  { engines, newTasks }: { engines: Engines; newTasks: Pick<NewTasks, 'create'> },
  request: EditRequest,
  fieldOf: (field: string) => string,
): Promise<Task> {
  const named = (requested: RequestedTask): RequestedTask => ({
    ...requested,
    fieldOf: (field) => fieldOf(requested.fieldOf(field)),
  });
  try {
    return await newTasks.create(caller, named(requestedEdit(request)));
  } catch (error) {
    if (!isWithoutEngine(error)) throw error;
    const isForGenerations = request.family !== null && engines.family(request.family)?.kind === 'generation';
    const { family, params } = isForGenerations ? request : NO_FAMILY;
    const own = asImageToImage({ ...request, family, params });
    return newTasks.create(caller, named(requestedGeneration(own)));
  }
}

const isWithoutEngine = (error: unknown): boolean =>
  error instanceof StudioError &&
  ['models_missing', 'family_not_found', 'workflow_gone', 'unsupported'].includes(error.code);

const NO_FAMILY = { family: null, params: {} };

/** Only what the generation of every family takes, and the named family's file: other parameters are those of edits. */
function asImageToImage({
  family,
  params: { model },
  images,
  prompt,
  style_id,
  batch_size,
  priority,
  seed,
  width,
  height,
}: EditRequest): GenerateRequest {
  return GenerateRequest.parse({
    type: 'img2img',
    family,
    params: model === undefined ? {} : { model },
    input_image: images[0] as ImageRef,
    prompt,
    style_id,
    batch_size,
    priority,
    seed,
    width,
    height,
  });
}

/** What a client should know of how its reference was used; null for a true edit. */
export const workNote = (
  { task_kind, type }: Pick<Task, 'task_kind' | 'type'>,
  language: Language,
): string | null => (task_kind === 'generation' && type === 'img2img' ? AS_IMAGE_TO_IMAGE[language] : null);

const AS_IMAGE_TO_IMAGE: Bilingual = {
  en: 'No model for edits is ready, so the reference picture was painted over (image to image).',
  zh: '没有可用的编辑模型，因此以参考图为底图重绘（图生图）。',
};
