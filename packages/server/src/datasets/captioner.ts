/**
 * Captions of pictures, by the first model that is there: the endpoint that the operator has configured, or a ComfyUI
 * server that has one. Pictures are sent nowhere else, and only when a user asks. Nothing is made up: a model that says
 * nothing has failed.
 */
import { type Bilingual, cutText, isReadableText, MAX_CAPTION_CHARS, StudioError } from '@limner/contract';
import type { Describer } from '../engines/describer.ts';
import { withinMemory } from '../images/pixel-gate.ts';
import { loadSharp } from '../images/sharp.ts';

/** Models scale larger pictures down themselves. */
const SENT_PX = 1024;

const ASKED =
  'Describe this picture for training an image model, in one line of at most 60 words. Name what is shown: subject, pose, clothing, ' +
  'setting, light. Do not mention the style, the medium or the quality, and do not begin with "the image". Answer with the description alone.';

export class Captioner {
  readonly #describers: readonly Describer[];

  /** The preferred first. */
  constructor(describers: readonly Describer[]) {
    this.#describers = describers;
  }

  /** null: none is there. */
  get model(): string | null {
    return this.#describer?.model ?? null;
  }

  get #describer(): Describer | undefined {
    return this.#describers.find(({ model }) => model !== null);
  }

  /** @throws StudioError `captioner_missing`, `captioner_failed`, one of the model's server, the signal's reason */
  async describe(picture: Buffer, pixels: number, signal: AbortSignal): Promise<string> {
    const describer = this.#describer;
    if (!describer) throw new StudioError('captioner_missing');
    const jpeg = await small(picture, pixels);
    return caption(await describer.describe(jpeg, ASKED, signal), describer.host);
  }
}

/** Models that think aloud do so before the answer. */
function caption(text: string, host: string): string {
  const said = text.replace(/<think>[\s\S]*?<\/think>/g, '').replace(/\s+/g, ' ');
  const short = cutText(said.trim(), MAX_CAPTION_CHARS);
  if (short === '') throw failed(host, { en: 'its answer has no text', zh: '回答中没有文字' });
  if (!isReadableText(short))
    throw failed(host, { en: 'its answer is not readable text', zh: '回答不是可读的文字' });
  return short;
}

const failed = (host: string, reason: Bilingual): StudioError =>
  new StudioError('captioner_failed', { data: { host, reason } });

const small = (picture: Buffer, pixels: number): Promise<Buffer> =>
  withinMemory(pixels, async () => {
    const sharp = await loadSharp();
    return sharp(picture, { limitInputPixels: pixels })
      .resize(SENT_PX, SENT_PX, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 88 })
      .toBuffer();
  });
