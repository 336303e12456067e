/** A model behind OpenAI's chat completions, which the operator has configured; the picture is sent as a data address. */
import { StudioError } from '@limner/contract';
import type { Describer } from '../engines/describer.ts';
import { unreachable } from '../net/guarded-agent.ts';

export interface CaptionEndpointOptions {
  /** Ends before `/chat/completions`, for example `http://127.0.0.1:1234/v1`. */
  url: string;
  key: string | null;
  model: string;
}

const ANSWER_MS = 120_000;
const ANSWER_TOKENS = 300;

export class CaptionEndpoint implements Describer {
  readonly #options: CaptionEndpointOptions;

  constructor(options: CaptionEndpointOptions) {
    this.#options = options;
  }

  get model(): string {
    return this.#options.model;
  }

  get host(): string {
    return new URL(this.#options.url).host;
  }

  async describe(jpeg: Buffer, question: string, signal: AbortSignal): Promise<string> {
    const { url, key, model } = this.#options;
    const body = {
      model,
      max_tokens: ANSWER_TOKENS,
      temperature: 0.2,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: question },
            { type: 'image_url', image_url: { url: `data:image/jpeg;base64,${jpeg.toString('base64')}` } },
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
    return this.#text(answer);
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
    return typeof content === 'string' ? content : '';
  }

  #failed(reason: { en: string; zh: string }, cause?: unknown): StudioError {
    return new StudioError('captioner_failed', { data: { host: this.host, reason }, cause });
  }
}
