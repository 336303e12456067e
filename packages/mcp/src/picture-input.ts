/** Pictures that a call names: ids, addresses, data URLs and, where the client's files can be read, paths. */
import { type ImageRef, parseOutputId } from '@limner/contract';
import { z } from 'zod';
import { Refusal } from './result.ts';
import type { ToolCall } from './tool.ts';

const MAX_DATA_URL_MB = 10;
/** base64 of the largest data URL, with room for its beginning. */
const MAX_PICTURE_CHARS = Math.ceil((MAX_DATA_URL_MB * 1024 ** 2 * 4) / 3) + 200;

/** Its length is checked in `pictureRef`, whose sentence says what to do. */
export const PictureInput = z.string().min(1);

/** Of what stands before the data. */
const MAX_HEAD_CHARS = 200;

const UPLOAD_ID = /^u[a-z2-7]{26}$/;
const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w.+-]+=[^;,]*)*(;base64)?,/i;

export async function pictureRef(picture: string, call: ToolCall): Promise<ImageRef> {
  const { studio, words } = call;
  const text = picture.trim();
  const kept = studio.kept?.get(text);
  if (kept instanceof Error) throw kept;
  if (kept !== undefined) return kept;
  if (UPLOAD_ID.test(text) || parseOutputId(text)) return text;
  if (/^data:/i.test(text)) return uploadData(text, call);
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) {
    if (new URL(text).href.startsWith(studio.address('/'))) return new URL(text).pathname;
    return (await studio.client.call('uploadFromUrl', { body: { url: text } })).id;
  }
  if (studio.uploadFile) return studio.uploadFile(text);
  throw new Refusal(words.unknownPicture(shortened(text)));
}

const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);

export async function uploadData(
  url: string,
  { studio, words }: Pick<ToolCall, 'studio' | 'words'>,
): Promise<string> {
  if (url.length > MAX_PICTURE_CHARS) throw new Refusal(words.dataTooLarge(MAX_DATA_URL_MB));
  const head = DATA_URL.exec(url.slice(0, MAX_HEAD_CHARS));
  if (!head?.[2]) throw new Refusal(words.dataNotBase64);
  const bytes = Buffer.from(url.slice(head[0].length), 'base64');
  const file = new Blob([bytes], { type: head[1] ?? 'application/octet-stream' });
  return (await studio.client.call('upload', { file, fileName: 'picture' })).id;
}
