/** Keeps the pictures of a body as uploads. */
import { Readable } from 'node:stream';
import { type Caller, StudioError } from '@limner/contract';
import type { FastifyRequest } from 'fastify';
import type { DialectDesk } from '../dialect.ts';
import { keepPicture } from '../sent-picture.ts';
import { askedControl, controlOf, pictureOfUnit } from './control-units.ts';
import type { GenerationBody, Img2ImgBody } from './generation-body.ts';
import { whiteMask } from './mask.ts';
import { type SentPictures, WITHOUT_PICTURES } from './requested-pictures.ts';

export interface Sender {
  caller: Caller;
  request: Pick<FastifyRequest, 'host'>;
  desk: DialectDesk;
}

const keep = ({ caller, request, desk }: Sender, text: string, field: string) =>
  keepPicture(caller, request, desk.uploads, { text, field });

export async function keptTxt2Img(
  sender: Sender,
  { alwayson_scripts }: Pick<GenerationBody, 'alwayson_scripts'>,
): Promise<SentPictures> {
  return { ...WITHOUT_PICTURES, control: await keptControl(sender, alwayson_scripts, null) };
}

export async function keptImg2Img(
  sender: Sender,
  { init_images = [], mask, inpainting_mask_invert, alwayson_scripts }: Img2ImgBody,
): Promise<SentPictures> {
  const [first] = init_images;
  if (first === undefined)
    throw new StudioError('image_not_found', { data: { ref: 'init_images[0]' }, field: 'init_images' });
  const input = await keep(sender, first, 'init_images.0');
  return {
    input,
    mask: mask === undefined ? null : await keptMask(sender, mask, inpainting_mask_invert === 1),
    control: await keptControl(sender, alwayson_scripts, input),
  };
}

async function keptMask(sender: Sender, sent: string, isInverted: boolean): Promise<string> {
  const { caller, desk } = sender;
  const id = await keep(sender, sent, 'mask');
  const { file, width, height } = await desk.pictures.resolve(caller, id, 'mask');
  const picture = { pixels: width * height, stream: () => desk.blobs.stream(file) };
  const white = await whiteMask(picture, isInverted);
  return white === null ? id : (await desk.uploads.create(caller, Readable.from([white]), 'mask.png')).id;
}

/** A unit without a picture uses the one that is painted over. */
async function keptControl(
  sender: Sender,
  scripts: GenerationBody['alwayson_scripts'],
  input: string | null,
): Promise<SentPictures['control']> {
  const asked = askedControl(scripts);
  if (!asked) return null;
  const sent = pictureOfUnit(asked.unit);
  const field = `${asked.field}.image`;
  if (sent === null && input === null) throw new StudioError('input_image_missing', { field });
  controlOf(asked, '-');
  return controlOf(asked, sent === null ? (input as string) : await keep(sender, sent, field));
}
