/** The pictures and the mask of an edit, as files of a form or within JSON, as pictures of Limner. */
import { type Caller, type ImageRef, MAX_REFERENCES } from '@limner/contract';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { invalid, parse } from '../../parse.ts';
import type { DialectDesk } from '../dialect.ts';
import { contentOf, type Form, readForm, singleFields } from '../form.ts';
import { keepPicture } from '../sent-picture.ts';
import type { EditBody, Picture } from './requests.ts';

export interface NamedPicture {
  ref: ImageRef;
  /** What a refusal of this picture names: `image` of a form, `images[0].file_id` of JSON. */
  field: string;
}

export interface NamedPictures {
  images: NamedPicture[];
  mask: NamedPicture | null;
}

export interface SentForm<B> extends NamedPictures {
  body: B;
  /** See `contentOf`. */
  content: string[];
}

const IMAGE = /^image(\[\d*\])?$/;

export async function readPictureForm<S extends z.ZodType>(
  caller: Caller,
  request: FastifyRequest,
  { uploads }: Pick<DialectDesk, 'uploads'>,
  schema: S,
): Promise<SentForm<z.output<S>>> {
  const form = await readForm(caller, request, uploads, (field) => IMAGE.test(field) || field === 'mask');
  const body = parse(schema, singleFields(form), 'body');
  const images = named(form, 'image');
  if (images.length === 0) throw invalid('image', REQUIRED);
  if (images.length > MAX_REFERENCES) throw invalid('image', TOO_MANY);
  const mask = named(form, 'mask').at(-1) ?? null;
  return { body, images, mask, content: contentOf(form) };
}

const named = ({ pictures }: Form, wanted: 'image' | 'mask'): NamedPicture[] =>
  pictures
    .filter(({ field }) => (field === 'mask') === (wanted === 'mask'))
    .map(({ upload }) => ({ ref: upload.id, field: wanted }));

export async function keepJsonPictures(
  caller: Caller,
  request: FastifyRequest,
  desk: Pick<DialectDesk, 'uploads'>,
  { images, mask }: EditBody,
): Promise<NamedPictures> {
  const kept: NamedPicture[] = [];
  for (const [index, picture] of images.entries())
    kept.push(await keep(caller, request, desk, picture, `images[${index}]`));
  return { images: kept, mask: mask ? await keep(caller, request, desk, mask, 'mask') : null };
}

/** A `file_id` is a name that Limner gave out; the new task looks it up. */
async function keep(
  caller: Caller,
  request: FastifyRequest,
  { uploads }: Pick<DialectDesk, 'uploads'>,
  picture: Picture,
  at: string,
): Promise<NamedPicture> {
  if (typeof picture === 'string') {
    const ref = await keepPicture(caller, request, uploads, { text: picture, field: at });
    return { ref, field: at };
  }
  if ('file_id' in picture) return { ref: picture.file_id, field: `${at}.file_id` };
  const field = `${at}.image_url`;
  return { ref: await keepPicture(caller, request, uploads, { text: picture.image_url, field }), field };
}

const REQUIRED = { en: 'is required: send a picture as a file', zh: '为必填项：请以文件形式发送图片' };
const TOO_MANY = { en: `may be at most ${MAX_REFERENCES} pictures`, zh: `最多 ${MAX_REFERENCES} 张图片` };
