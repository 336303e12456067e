/**
 * Captions from a model that the operator has configured, over OpenAI's chat completions with a picture as a data address.
 * Pictures are sent to this address only, and only when a user asks.
 */
import { isReadableText, MAX_CAPTION_CHARS, StudioError } from '@limner/contract';
import { withinMemory } from '../images/pixel-gate.ts';
import { loadSharp } from '../images/sharp.ts';
import { unreachable } from '../net/guarded-agent.ts';

export interface CaptionerOptions {
  /** Ends before `/chat/completions`, for example `http://127.0.0.1:1234/v1`. */
  url: string;
  key: string | null;
  model: string;
}

/** Models scale larger pictures down themselves. */
const SENT_PX = 1024;
const ANSWER_MS = 120_000;
const ANSWER_TOKENS = 300;

const ASKED =
  'Describe this picture for training an image model, in one line of at most 60 words. Name what is shown: subject, pose, clothing, ' +
  'setting, light. Do not mention the style, the medium or the quality, and do not begin with "the image". Answer with the description alone.';

export class Captioner {
  readonly #options: CaptionerOptions;

  constructor(options: CaptionerOptions) {
    this.#options = options;
  }

  get model(): string {
    return this.#options.model;
  }

  /** @throws StudioError `captioner_failed`, the signal's reason */
  async describe(picture: Buffer, pixels: number, signal: AbortSignal): Promise<string> {
    const { url, key, model } = this.#options;
    const image = await small(picture, pixels);
    const body = {
      model,
      max_tokens: ANSWER_TOKENS,
      temperature: 0.2,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: ASKED },
            { type: 'image_url', image_url: { url: `data:image/jpeg;base64,${image.toString('base64')}` } },
          ],
        },
      ],
    };
    const answer = await fetch(`${url.replace(/\/$/, '')}/chat/completions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify(body),
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
      redirect: 'error',
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      const reason = unreachable((error as Error).cause ?? error);
      throw this.#failed(
        reason instanceof Error ? { en: reason.message, zh: reason.message } : reason,
        error,
      );
    });
    return this.#caption(await this.#text(answer));
  }

  async #text(answer: Response): Promise<string> {
    if (!answer.ok) {
      await answer.body?.cancel();
      const { status } = answer;
      throw this.#failed({ en: `it answered ${status}`, zh: `对方返回 ${status}` });
    }
    const json = (await answer.json().catch(() => null)) as {
      choices?: { message?: { content?: unknown } }[];
    } | null;
    const content = json?.choices?.[0]?.message?.content;
    if (typeof content !== 'string' || content.trim() === '')
      throw this.#failed({ en: 'its answer has no text', zh: '回答中没有文字' });
    return content;
  }

  /** Models that think aloud do so before the answer. */
  #caption(text: string): string {
    const said = text.replace(/<think>[\s\S]*?<\/think>/g, '').replace(/\s+/g, ' ');
    const caption = said.trim().slice(0, MAX_CAPTION_CHARS);
    if (isReadableText(caption) && caption !== '') return caption;
    throw this.#failed({ en: 'its answer is not readable text', zh: '回答不是可读的文字' });
  }

  #failed(reason: { en: string; zh: string }, cause?: unknown): StudioError {
    const { host } = new URL(this.#options.url);
    return new StudioError('captioner_failed', { data: { host, reason }, cause });
  }
}

const small = (picture: Buffer, pixels: number): Promise<Buffer> =>
  withinMemory(pixels, async () => {
    const sharp = await loadSharp();
    return sharp(picture, { limitInputPixels: pixels })
      .resize(SENT_PX, SENT_PX, { fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 88 })
      .toBuffer();
  });
