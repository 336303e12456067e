/** Whether an output can be fetched: its status, media type, size in bytes and in pixels, and that it decodes. */
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadableStream } from 'node:stream/web';
import { isPictureType, type Output } from '@limner/contract';
import type { Decoder } from './decoder.ts';

export interface OutputFault {
  kind: 'status' | 'unreachable' | 'media_type' | 'bytes' | 'pixels' | 'undecodable';
  is: string;
  should: string;
}

export interface OutputAccess {
  baseUrl: string;
  /** For one file at a time. */
  folder: string;
  decoder: Decoder;
}

const fault = (
  kind: OutputFault['kind'],
  is: string | number,
  should: string | number = '',
): OutputFault => ({
  kind,
  is: String(is),
  should: String(should),
});

/** null: there is none. */
export async function faultOf(
  output: Output,
  { baseUrl, folder, decoder }: OutputAccess,
): Promise<OutputFault | null> {
  const file = join(folder, 'output');
  try {
    const response = await fetch(baseUrl + output.url);
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      return fault('status', response.status);
    }
    await writeFile(file, response.body as ReadableStream);
    const mediaType = (response.headers.get('content-type') ?? '').split(';')[0]?.trim() ?? '';
    if (mediaType !== output.media_type) return fault('media_type', mediaType, output.media_type);
    return await faultOfFile(file, output, decoder);
  } catch (error) {
    return fault('unreachable', (error as Error).message);
  } finally {
    await rm(file, { force: true });
  }
}

async function faultOfFile(file: string, output: Output, decoder: Decoder): Promise<OutputFault | null> {
  const { size } = await stat(file);
  if (size !== output.size_bytes) return fault('bytes', size, output.size_bytes);
  if (!isPictureType(output.media_type)) return null;
  const picture = await decoder.decode(file);
  if ('error' in picture) return fault('undecodable', picture.error);
  const [is, should] = [picture, output].map(({ width, height }) => `${width} × ${height}`);
  return is === should ? null : fault('pixels', is ?? '', should);
}
