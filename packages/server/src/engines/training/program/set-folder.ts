/** The pictures and captions of a run in a folder: `0001.png` beside `0001.txt`. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '@limner/contract';
import { withinMemory } from '../../../images/pixel-gate.ts';
import { loadSharp } from '../../../images/sharp.ts';
import type { InputPicture } from '../../engine.ts';
import type { TrainingPicture } from '../trainer.ts';

export interface SetFolder {
  pictures: readonly TrainingPicture[];
  open(index: number): Promise<InputPicture>;
  folder: string;
  signal: AbortSignal;
  /** Called after each picture; `hadAlpha`: its transparent parts were laid over white. */
  wrote(name: string, hadAlpha: boolean): void;
}

/** The sizes of the pictures. */
export async function writeSet(set: SetFolder): Promise<{ width: number; height: number }[]> {
  await mkdir(set.folder, { recursive: true });
  const sizes: { width: number; height: number }[] = [];
  for (const [index, { caption }] of set.pictures.entries()) {
    set.signal.throwIfAborted();
    const name = String(index + 1).padStart(4, '0');
    const { png, hadAlpha, ...size } = await flattened(await set.open(index));
    await write(path.join(set.folder, `${name}.txt`), inOneLine(caption));
    await write(path.join(set.folder, `${name}.png`), png);
    sizes.push(size);
    set.wrote(`${name}.png`, hadAlpha);
  }
  return sizes;
}

/** sd-scripts reads the first line of a caption only. */
const inOneLine = (caption: string): string => caption.trim().replace(/\s*[\r\n]\s*/g, ' ');

const flattened = (picture: InputPicture) =>
  withinMemory(picture.width * picture.height, async () => {
    const sharp = await loadSharp();
    try {
      const whole = sharp(await picture.read(), { limitInputPixels: false, failOn: 'error' });
      const hadAlpha = !(await whole.stats()).isOpaque;
      const { data: png, info } = await whole
        .autoOrient()
        .flatten({ background: '#ffffff' })
        .toColourspace('srgb')
        .removeAlpha()
        .png({ compressionLevel: 3 })
        .toBuffer({ resolveWithObject: true });
      return { png, hadAlpha, width: info.width, height: info.height };
    } catch (cause) {
      throw new StudioError('file_broken', { cause });
    }
  });

async function write(file: string, body: string | Buffer): Promise<void> {
  await writeFile(`${file}.half`, body);
  await rename(`${file}.half`, file);
}
