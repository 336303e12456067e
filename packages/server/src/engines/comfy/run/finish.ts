/** What is done to fetched pictures, outside ComfyUI. A picture for which it cannot be done stays as it came. */
import { type Bilingual, StudioError } from '@limner/contract';
import { loadSharp } from '../../../images/sharp.ts';
import type { EngineOutput, FrameContext } from '../../engine.ts';
import type { FinishStep } from '../families/family.ts';

interface Finished {
  png: Buffer;
  summary: Bilingual;
  details: Record<string, unknown>;
}

export type Finish = (step: FinishStep, picture: Buffer, ctx: FrameContext) => Promise<Finished>;

/** A larger picture takes hundreds of megabytes, beside the work of the built-in engines. */
const MOST_PIXELS = 16_000_000;

/** Pictures that the step has changed, with its sentence; other files unchanged. */
export const finished = (
  outputs: EngineOutput[],
  step: FinishStep | undefined,
  finish: Finish,
  ctx: FrameContext,
): Promise<EngineOutput[]> =>
  Promise.all(
    outputs.map(async (output) => {
      if (!step || output.mediaType !== 'image/png') return output;
      const { png, summary, details } = await finishedOrKept(step, await bytesOf(output), finish, ctx);
      const { provenance } = output;
      return {
        ...output,
        body: png,
        provenance: {
          ...provenance,
          summary: {
            en: `${provenance.summary.en} ${summary.en}`,
            zh: `${provenance.summary.zh}${summary.zh}`,
          },
          details: { ...provenance.details, ...details },
        },
      };
    }),
  );

async function finishedOrKept(
  step: FinishStep,
  picture: Buffer,
  finish: Finish,
  ctx: FrameContext,
): Promise<Finished> {
  const kept = (reason: keyof typeof KEPT): Finished => ({
    png: picture,
    summary: KEPT[reason],
    details: { kept: reason },
  });
  if ((await pixelsOf(picture)) > MOST_PIXELS) return kept('too_large');
  try {
    return await finish(step, picture, ctx);
  } catch (error) {
    if (error instanceof StudioError && (error.code === 'out_of_memory' || error.code === 'engine_died'))
      return kept(error.code);
    throw error;
  }
}

const KEPT = {
  too_large: {
    en: `Soft edges keep the background's colour: it is removed from up to ${MOST_PIXELS / 1e6} megapixels.`,
    zh: `软边缘保留背景色：仅对不超过 ${MOST_PIXELS / 1e6} 百万像素的图片去除。`,
  },
  out_of_memory: {
    en: "Soft edges keep the background's colour: there was not enough memory to remove it.",
    zh: '软边缘保留背景色：内存不足，未能去除。',
  },
  engine_died: {
    en: "Soft edges keep the background's colour: the process that removes it ended unexpectedly.",
    zh: '软边缘保留背景色：执行去除的进程意外退出。',
  },
} satisfies Record<string, Bilingual>;

/** 0 for a file that is no picture, which the step then refuses. */
async function pixelsOf(picture: Buffer): Promise<number> {
  const sharp = await loadSharp();
  const header = sharp(picture, { limitInputPixels: false }).metadata();
  return header.then(({ width, height }) => width * height).catch(() => 0);
}

async function bytesOf({ body }: EngineOutput): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
