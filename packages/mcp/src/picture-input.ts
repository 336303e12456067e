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

const UPLOAD_ID = /^u[a-z2-7]{26}$/;
const DATA_URL = /^data:([\w.+-]+\/[\w.+-]+)?(?:;[\w.+-]+=[^;,]*)*(;base64)?,/i;

export async function pictureRef(picture: string, call: ToolCall): Promise<ImageRef> {
  const { studio } = call;
  const text = picture.trim();
  if (UPLOAD_ID.test(text) || parseOutputId(text)) return text;
  if (/^data:/i.test(text)) return uploadData(text, call);
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) {
    if (new URL(text).href.startsWith(studio.address('/'))) return new URL(text).pathname;
    return (await studio.client.call('uploadFromUrl', { body: { url: text } })).id;
  }
  if (studio.uploadFile) return studio.uploadFile(text);
  throw new Refusal(
    `"${shortened(text)}" is no picture id such as 12_0, no http(s) address and no data URL. Over HTTP Limner cannot read files of your machine.`,
  );
}

const shortened = (text: string): string => (text.length > 80 ? `${text.slice(0, 80)}…` : text);

async function uploadData(url: string, { studio }: ToolCall): Promise<string> {
  if (url.length > MAX_PICTURE_CHARS)
    throw new Refusal(
      `A data URL may hold ${MAX_DATA_URL_MB} MB. Make the picture smaller, or send an address.`,
    );
  const head = DATA_URL.exec(url);
  if (!head?.[2]) throw new Refusal('A data URL must be base64: data:image/png;base64,…');
  const bytes = Buffer.from(url.slice(head[0].length), 'base64');
  const file = new Blob([bytes], { type: head[1] ?? 'application/octet-stream' });
  return (await studio.client.call('upload', { file, fileName: 'picture' })).id;
}
