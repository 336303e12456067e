/** The answer with pictures, as base64 or as addresses. */
import { type Caller, type Language, sentences, type Task } from '@limner/contract';
import type { Outputs } from '../../../outputs/outputs.ts';
import { type PictureFormat, pictureBytes } from '../picture-bytes.ts';
import { workNote } from '../reference-edit.ts';
import { missingPictures } from '../task-error.ts';
import { type ImagesResponse, NO_USAGE } from './answers.ts';
import type { MadePicture } from './made-pictures.ts';
import type { Order } from './requests.ts';

/** What the note of an answer is made from. */
export interface Noted {
  language: Language;
  isEdit: boolean;
  /** That an edit was sent. */
  pictures: number;
  /** Asked for, and not here. */
  unknownModel: string | null;
}

export interface Answering extends Noted {
  caller: Caller;
  outputs: Outputs;
  order: Order;
  /** `https://studio.example/limner` */
  ownAddress: string;
}

export async function imagesResponse(
  answering: Answering,
  task: Task,
  pictures: MadePicture[],
): Promise<ImagesResponse> {
  const { order, ownAddress } = answering;
  const data: ImagesResponse['data'] = [];
  for (const picture of pictures) {
    const { id, seed, url } = picture;
    const sent =
      order.response_format === 'url'
        ? { url: `${ownAddress}${url}` }
        : { b64_json: await base64Of(answering, picture) };
    data.push({ ...sent, id, seed });
  }
  return {
    created: secondsOf(task.completed_at),
    ...described(order, pictures[0]),
    data,
    usage: NO_USAGE,
    limner: madeBy(answering, task),
  };
}

export async function base64Of(
  { caller, outputs, order }: Pick<Answering, 'caller' | 'outputs' | 'order'>,
  { id }: MadePicture,
): Promise<string> {
  const { output_format: format = 'png', output_compression, background } = order;
  const { bytes } = await pictureBytes(caller, outputs, id, {
    format,
    ...(output_compression === undefined ? {} : { quality: Math.max(1, output_compression) }),
    ...(background === 'opaque' ? { isFlat: true } : {}),
  });
  return bytes.toString('base64');
}

/** A picture at an address is as it is stored, whatever format was asked for. */
function described(order: Order, picture: MadePicture | undefined) {
  const stored = order.response_format === 'url' ? formatOf(picture?.mediaType) : undefined;
  const background = backgroundOf(order);
  return {
    ...(background ? { background } : {}),
    output_format: stored ?? order.output_format ?? 'png',
    quality: order.quality ?? 'auto',
    size: picture?.size ?? 'auto',
  };
}

/** Undefined where the family decides. */
function backgroundOf({
  background,
  output_format,
  response_format,
}: Order): 'transparent' | 'opaque' | undefined {
  if (background === 'transparent') return background;
  if (response_format === 'url') return undefined;
  return background === 'opaque' || output_format === 'jpeg' ? 'opaque' : undefined;
}

export const formatOf = (mediaType: string | undefined): PictureFormat | undefined =>
  (['png', 'jpeg', 'webp'] as const).find((format) => mediaType === `image/${format}`);

export const secondsOf = (moment: string | null): number =>
  Math.floor((moment === null ? Date.now() : Date.parse(moment)) / 1000);

/** What Limner adds to an answer and to each picture of a stream. */
export const madeBy = (noted: Noted, task: Task): ImagesResponse['limner'] => ({
  task_id: task.id,
  family: task.family,
  note: noteOf(noted, task),
});

function noteOf({ language, isEdit, pictures, unknownModel }: Noted, task: Task): string {
  const work = isEdit ? workNote(task, language) : null;
  return sentences(language, [
    unknownModel === null ? null : UNKNOWN_MODEL[language](unknownModel),
    work,
    work !== null && pictures > 1 ? FIRST_ONLY[language] : null,
    task.choice.note[language],
    missingPictures(task)?.[language] ?? null,
  ]);
}

const FIRST_ONLY: Record<Language, string> = {
  en: 'Only the first picture was used.',
  zh: '只使用了第一张图片。',
};

const UNKNOWN_MODEL: Record<Language, (name: string) => string> = {
  en: (name) => `There is no model "${name}" here, so the best one that is ready was used.`,
  zh: (name) => `这里没有模型“${name}”，因此使用了当前可用的最佳模型。`,
};
