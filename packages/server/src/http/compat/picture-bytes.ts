/** The bytes of an output, as it is stored or in another format. */
import { buffer } from 'node:stream/consumers';
import type { Caller, OutputId } from '@limner/contract';
import { UNKNOWN_PIXELS, withinMemory } from '../../images/pixel-gate.ts';
import { loadSharp } from '../../images/sharp.ts';
import type { Outputs } from '../../outputs/outputs.ts';

export type PictureFormat = 'png' | 'jpeg' | 'webp';

export interface PictureBytes {
  bytes: Buffer;
  mediaType: string;
}

export interface Encoding {
  format: PictureFormat;
  /** 1…100, of JPEG and WebP. */
  quality?: number;
  /** Transparent parts become white. */
  isFlat?: boolean;
}

/** Without `encoding`: as stored. Transparent parts become white in JPEG, which has no alpha. */
export async function pictureBytes(
  caller: Caller,
  outputs: Outputs,
  id: OutputId,
  encoding?: Encoding,
): Promise<PictureBytes> {
  const { stream, mediaType, pixels } = await outputs.open(caller, id);
  if (!encoding || (!encoding.isFlat && mediaType === `image/${encoding.format}`))
    return { bytes: await buffer(await stream()), mediaType };
  const { format, quality = 90, isFlat = format === 'jpeg' } = encoding;
  return withinMemory(pixels ?? UNKNOWN_PIXELS, async () => {
    const picture = (await loadSharp())(await buffer(await stream()));
    const flat = isFlat ? picture.flatten({ background: 'white' }) : picture;
    const bytes = await flat.toFormat(format, format === 'png' ? {} : { quality }).toBuffer();
    return { bytes, mediaType: `image/${format}` };
  });
}
