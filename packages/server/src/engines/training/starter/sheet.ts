/** The sheet of samples: the same prompts and seeds, in the upper row without the style and below with it. */
import { SAMPLE_PROMPTS } from '@limner/contract';
import sharp from 'sharp';
import type { JobContext } from '../../embedded/job.ts';
import { PAINT_DEFAULTS } from '../../starter/families.ts';
import { paint } from '../../starter/paint/paint.ts';

const CELL_PX = 256;

export interface SheetJob {
  modelsDir: string;
  seed: number;
  triggerWords: string;
}

/** The row without the style is always the same: it is painted once. */
export async function plainRow(job: SheetJob, signal: AbortSignal): Promise<Buffer[]> {
  return row(job, null, signal);
}

export async function sheetOf(
  job: SheetJob,
  adapter: Float32Array,
  above: Buffer[],
  signal: AbortSignal,
): Promise<Buffer> {
  const below = await row(job, adapter, signal);
  const cells = [above, below].flatMap((pictures, y) =>
    pictures.map((input, x) => ({ input, left: CELL_PX * x, top: CELL_PX * y })),
  );
  const [width, height] = [CELL_PX * SAMPLE_PROMPTS.length, 2 * CELL_PX];
  return sharp({ create: { width, height, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
    .composite(cells)
    .png({ compressionLevel: 6 })
    .toBuffer();
}

async function row(
  { modelsDir, seed, triggerWords }: SheetJob,
  lora: Float32Array | null,
  signal: AbortSignal,
): Promise<Buffer[]> {
  const quiet: JobContext = { signal, progress: () => {}, preview: () => {} };
  const pictures: Buffer[] = [];
  for (const { en } of SAMPLE_PROMPTS) {
    // As a prompt with this style will be: the trigger words stand before it.
    const prompt = lora && triggerWords ? `${triggerWords}, ${en}` : en;
    const settings = { ...PAINT_DEFAULTS, start: null, control: null, lora };
    const job = { modelsDir, prompt, drawn: en, seed, width: CELL_PX, height: CELL_PX, ...settings };
    pictures.push((await paint(job, quiet)).png);
  }
  return pictures;
}
