/** What is done to fetched pictures, outside ComfyUI. */
import type { Bilingual } from '@limner/contract';
import type { EngineOutput, FrameContext } from '../../engine.ts';
import type { FinishStep } from '../families/family.ts';

export type Finish = (
  step: FinishStep,
  picture: Buffer,
  ctx: FrameContext,
) => Promise<{ png: Buffer; summary: Bilingual; details: Record<string, unknown> }>;

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
      const { png, summary, details } = await finish(step, await bytesOf(output), ctx);
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

async function bytesOf({ body }: EngineOutput): Promise<Buffer> {
  if (Buffer.isBuffer(body)) return body;
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
