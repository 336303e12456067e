/**
 * A picture that a client sends within JSON: base64, a data URL, an http(s) address, or a name that Limner gave out. It
 * becomes an upload; a name stays what it is.
 */
import { Readable } from 'node:stream';
import type { Caller, ImageRef } from '@limner/contract';
import type { FastifyRequest } from 'fastify';
import { pictureName } from '../../uploads/image-ref.ts';
import { fileTooLarge } from '../../uploads/receive.ts';
import { uploadRemote } from '../../uploads/remote-upload.ts';
import type { Uploads } from '../../uploads/uploads.ts';
import { inField } from '../in-field.ts';
import { invalid } from '../parse.ts';

export interface SentPicture {
  /** What the client wrote. */
  text: string;
  /** The field it came in. */
  field: string;
}

export async function keepPicture(
  caller: Caller,
  request: Pick<FastifyRequest, 'host'>,
  uploads: Uploads,
  { text, field }: SentPicture,
): Promise<ImageRef> {
  try {
    if (/^https?:\/\//i.test(text)) return await keepAddress(caller, request, uploads, text);
    if (text.length <= 500 && pictureName(text)) return text;
    return (await uploads.create(caller, Readable.from([bytesOf(text, uploads, field)]), 'picture')).id;
  } catch (error) {
    throw inField(error, field);
  }
}

async function keepAddress(
  caller: Caller,
  { host }: Pick<FastifyRequest, 'host'>,
  uploads: Uploads,
  address: string,
): Promise<ImageRef> {
  if (!URL.canParse(address)) throw invalid('url', NOT_A_PICTURE);
  if (new URL(address).host === host && pictureName(address)) return address;
  return (await uploadRemote(caller, uploads, address)).id;
}

/** Of base64, with a data URL's head or without, in the plain or the URL-safe alphabet, with line breaks or without. */
export function bytesOf(
  text: string,
  { maxFileSizeBytes }: Pick<Uploads, 'maxFileSizeBytes'>,
  field: string,
): Buffer {
  const base64 = text.replace(/^data:[^,]{0,200},/, '');
  if (base64.length > (maxFileSizeBytes / 3) * 4 * 1.1 + 100) throw fileTooLarge(maxFileSizeBytes);
  // Linear: white space can match in one place only.
  if (base64 === '' || !/^[\w+/\s-]+(?:=\s*){0,2}$/.test(base64)) throw invalid(field, NOT_A_PICTURE);
  return Buffer.from(base64, 'base64');
}

const NOT_A_PICTURE = {
  en: 'must be a picture as base64, a data URL, an http(s) address, or the id of an upload or output',
  zh: '必须是 base64、data URL、http(s) 地址，或上传图片、输出图片的编号',
};
