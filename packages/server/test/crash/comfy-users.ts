/**
 * Users who ask for one thing after another: batches, pictures after pictures, edits, cut-outs, control previews. Seeds
 * and uploads are never the same twice, so that each graph belongs to one frame.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type Client, createClient } from '@limner/contract';
import sharp from 'sharp';

const USERS = 3;
const PAUSE_MS = 120;
const SIDE_PX = 256;
const MAX_BATCH = 4;

type Ask = (client: Client, nth: number) => Promise<{ id: number }>;

const painted = (nth: number) => ({
  prompt: 'a red dragon',
  family: 'flux-schnell',
  seed: nth * MAX_BATCH,
  width: SIDE_PX,
  height: SIDE_PX,
});

const ASKS: Ask[] = [
  (client, nth) => client.call('generate', { body: { ...painted(nth), batch_size: MAX_BATCH } }),
  async (client, nth) => client.call('removeBg', { body: { input_image: await uploaded(client, nth) } }),
  async (client, nth) => {
    const input_image = await uploaded(client, nth);
    const body = { ...painted(nth), type: 'img2img' as const, input_image, batch_size: 2 };
    return client.call('generate', { body });
  },
  async (client, nth) => {
    const images = [await uploaded(client, nth)];
    return client.call('edit', { body: { prompt: 'make it night', images, seed: nth * MAX_BATCH } });
  },
  async (client, nth) => {
    const image = await uploaded(client, nth);
    return client.call('controlPreview', { body: { image, type: 'canny' } });
  },
];

export class Users {
  /** Tasks whose creation was answered with success. */
  readonly acknowledged: number[] = [];
  private asked = 0;

  /** They take refusals, as while no ComfyUI is there, and go on asking until the signal. */
  async work(url: string, signal: AbortSignal): Promise<void> {
    const client = createClient({ baseUrl: url });
    const user = async () => {
      while (!signal.aborted) {
        await this.ask(client).catch(() => {});
        await pause(PAUSE_MS);
      }
    };
    await Promise.all(Array.from({ length: USERS }, user));
  }

  private async ask(client: Client): Promise<void> {
    const nth = this.asked++;
    const task = await ASKS[nth % ASKS.length]?.(client, nth);
    if (task) this.acknowledged.push(task.id);
  }
}

/** The nth of sixteen million colours. */
async function uploaded(client: Client, nth: number): Promise<string> {
  const background = { r: nth % 256, g: (nth >> 8) % 256, b: (nth >> 16) % 256 };
  const plain = sharp({ create: { width: 64, height: 64, channels: 3, background } });
  const { id } = await client.call('upload', {
    file: new Blob([new Uint8Array(await plain.png().toBuffer())]),
  });
  return id;
}
