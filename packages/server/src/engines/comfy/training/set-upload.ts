/**
 * The pictures and captions of a training, as ComfyUI reads them: a folder below its input folder, each picture beside a
 * text of the same name. The folder is named by what is in it, so that an interrupted upload goes on, and a set is never
 * mixed with another.
 */
import { createHash } from 'node:crypto';
import { withinMemory } from '../../../images/pixel-gate.ts';
import { loadSharp } from '../../../images/sharp.ts';
import type { InputPicture } from '../../engine.ts';
import type { TrainingPicture } from '../../training/trainer.ts';
import type { ComfyClient } from '../link/client.ts';
import { engineFailed } from '../link/client-errors.ts';

/** Latents of every model are whole at multiples of this. */
const GRID_PX = 64;

export interface SetToSend {
  pictures: readonly TrainingPicture[];
  open(index: number): Promise<InputPicture>;
  /** Pictures have at most the area of this square. */
  resolution: number;
  signal: AbortSignal;
  /** Called after each picture. */
  sent(): void;
}

/** The folder, as the node that reads it calls it. */
export async function sendSet(client: ComfyClient, set: SetToSend): Promise<string> {
  const opened: InputPicture[] = [];
  for (const index of set.pictures.keys()) opened.push(await set.open(index));
  const folder = `limner/training-${nameOf(opened, set)}`;
  for (const [index, picture] of opened.entries()) {
    set.signal.throwIfAborted();
    const name = String(index + 1).padStart(4, '0');
    const caption = Buffer.from(set.pictures[index]?.caption ?? '');
    await send(client, folder, `${name}.txt`, async () => caption, 'text/plain');
    await send(client, folder, `${name}.png`, () => fitted(picture, set.resolution), 'image/png');
    set.sent();
  }
  return folder;
}

const nameOf = (opened: readonly InputPicture[], { pictures, resolution }: SetToSend): string =>
  createHash('sha256')
    .update(JSON.stringify([resolution, opened.map(({ sha256 }, i) => [sha256, pictures[i]?.caption])]))
    .digest('hex')
    .slice(0, 16);

async function send(
  client: ComfyClient,
  subfolder: string,
  name: string,
  read: () => Promise<Buffer>,
  mediaType: string,
): Promise<void> {
  const bytes = await read();
  const there = await client.fileSize({ filename: name, subfolder, type: 'input' });
  if (there === bytes.length) return;
  const kept = await client.upload(bytes, { name, subfolder, mediaType });
  // A server that renames a file breaks the pair.
  if (kept !== `${subfolder}/${name}`)
    throw engineFailed(client.server, {
      en: `it kept ${subfolder}/${name} as ${kept}; delete that folder from its input folder`,
      zh: `它把 ${subfolder}/${name} 存成了 ${kept}，请从其 input 文件夹中删除该目录`,
    });
}

/** Cut to the grid around its middle; never enlarged but for a picture below one square of the grid. */
const fitted = (picture: InputPicture, resolution: number): Promise<Buffer> =>
  withinMemory(picture.width * picture.height, async () => {
    const sharp = await loadSharp();
    const { width, height } = trainedSize(picture, resolution);
    return sharp(await picture.read(), { limitInputPixels: false, failOn: 'error' })
      .flatten({ background: '#ffffff' })
      .resize(width, height, { fit: 'cover' })
      .png({ compressionLevel: 3 })
      .toBuffer();
  });

export function trainedSize({ width, height }: { width: number; height: number }, resolution: number) {
  const scale = Math.min(1, resolution / Math.sqrt(width * height));
  const side = (length: number) => Math.max(GRID_PX, Math.floor((length * scale) / GRID_PX) * GRID_PX);
  return { width: side(width), height: side(height) };
}
