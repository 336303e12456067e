/** Enlarges pictures: with a model as a task, without one by resizing. */
import { buffer } from 'node:stream/consumers';
import { type Bilingual, type ImageRef, type Size, UpscaleRequest } from '@limner/contract';
import { refuseLargeResult } from '../../../engines/upscale-limit.ts';
import { withinMemory } from '../../../images/pixel-gate.ts';
import { loadSharp } from '../../../images/sharp.ts';
import { requestedUpscale } from '../../../tasks/requested-task.ts';
import { inField } from '../../in-field.ts';
import type { DialectDesk } from '../dialect.ts';
import { picturesOf } from '../document-answer.ts';
import { pictureBytes } from '../picture-bytes.ts';
import type { UntilEnded } from './ended-task.ts';
import { refuseFailed } from './failed-task.ts';
import type { Client, OwnTasks } from './own-tasks.ts';
import { type Upscaler, upscalerNamed, upscalersOf } from './samplers.ts';
import { type ExtrasFields, type UpscalePlan, upscalePlan } from './upscale-plan.ts';

export interface Enlarging {
  picture: ImageRef;
  plan: UpscalePlan;
  upscaler: Upscaler;
  /** The name that was asked for and is not offered; null: it is offered. */
  replaced: string | null;
  /** null: it is only resized. */
  task: number | null;
}

/** The automatic choice of the model, also for a name that is not offered. */
export const AUTOMATIC: Upscaler = { name: 'Automatic', model: 'auto' };

/** Whose pictures are enlarged, and where. */
export interface Enlarger extends Client {
  desk: DialectDesk;
  own: OwnTasks;
}

export async function beginEnlarging(
  { caller, request, desk, own }: Enlarger,
  picture: ImageRef,
  fields: ExtrasFields,
): Promise<Enlarging> {
  const upscalers = upscalersOf(await desk.engines.offers());
  const written = fields.upscaler_1 || 'None';
  const named = upscalerNamed([...upscalers, AUTOMATIC], written);
  const upscaler = named ?? AUTOMATIC;
  const replaced = named ? null : written;
  const size = await desk.pictures.resolve(caller, picture, 'image');
  const plan = upscalePlan(fields, size);
  refuseTooLarge(size, Math.max(plan.width / size.width, plan.height / size.height));
  if (upscaler.model === null) return { picture, plan, upscaler, replaced, task: null };
  const enlarging = UpscaleRequest.parse({
    input_image: picture,
    factor: plan.factor,
    ...(upscaler.model === AUTOMATIC.model ? {} : { model: upscaler.model }),
  });
  const requested = requestedUpscale(enlarging);
  const task = await desk.newTasks.create(caller, { ...requested, fieldOf });
  own.begin({ caller, request }, task.id);
  return { picture, plan, upscaler, replaced, task: task.id };
}

/** null if it was interrupted. */
export async function enlarged(
  { caller, desk }: Enlarger,
  { picture, plan, upscaler, task }: Enlarging,
  ended: UntilEnded,
): Promise<Buffer | null> {
  const { file, ...source } = await desk.pictures.resolve(caller, picture, 'image');
  if (task === null) {
    const bytes = await buffer(await desk.blobs.stream(file));
    return resized(bytes, source, plan, upscaler.name === 'Nearest');
  }
  const done = await ended(task);
  refuseFailed(done);
  const [output] = picturesOf(done);
  if (!output) return null;
  const { bytes } = await pictureBytes(caller, desk.outputs, output.id, { format: 'png' });
  return resized(bytes, output, plan, false);
}

/** What enlarges, and what it stands for. */
export const usedUpscaler = ({
  upscaler: { name },
  replaced,
}: Pick<Enlarging, 'upscaler' | 'replaced'>): Bilingual =>
  replaced === null
    ? { en: name, zh: name }
    : { en: `${name}; ${replaced} is not offered here`, zh: `${name}，此处不提供 ${replaced}` };

/** Of exactly this size; what is beyond it is cut off evenly. */
export const fittedTo = (bytes: Buffer, from: Size, size: Size): Promise<Buffer> =>
  resized(bytes, from, { ...size, crops: true }, false);

function resized(
  bytes: Buffer,
  from: Size,
  plan: Omit<UpscalePlan, 'factor'>,
  isNearest: boolean,
): Promise<Buffer> {
  const { width, height, crops } = plan;
  return withinMemory(Math.max(from.width * from.height, width * height), async () => {
    const picture = (await loadSharp())(bytes);
    const isSame = from.width === width && from.height === height;
    const fitted = isSame
      ? picture
      : picture.resize({
          width,
          height,
          fit: crops ? 'cover' : 'fill',
          kernel: isNearest ? 'nearest' : 'lanczos3',
        });
    return fitted.png().toBuffer();
  });
}

function refuseTooLarge(size: Size, factor: number): void {
  try {
    refuseLargeResult(size, factor);
  } catch (error) {
    throw inField(error, 'upscaling_resize');
  }
}

function fieldOf(field: string): string {
  if (field === 'input_image') return 'image';
  return field === 'params.model' ? 'upscaler_1' : 'upscaling_resize';
}
