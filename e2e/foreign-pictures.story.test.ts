/** Files that other programs made, dropped on a page. */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { eventually, story } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 } };
const TEXT =
  'a castle，夜晚 <lora:ink:0.5>\nNegative prompt: fog\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 77, Size: 512x768, Model: hillXL, Clip skip: 2, Denoising strength: 0.6';

/** A JPEG with nothing but EXIF: a comment in big-endian Unicode, as A1111 writes it. */
function jpeg(text: string): number[] {
  const uint16 = (value: number) => [value >> 8, value & 255];
  const uint32 = (value: number) => [...uint16(value >>> 16), ...uint16(value & 0xffff)];
  const ascii = (words: string) => [...words].map((char) => char.charCodeAt(0));
  const comment = [...ascii('UNICODE\0'), ...[...text].flatMap((char) => uint16(char.charCodeAt(0)))];
  const entry = (tag: number, type: number, count: number, value: number) => [
    ...uint16(tag),
    ...uint16(type),
    ...uint32(count),
    ...uint32(value),
  ];
  const directory = (...inner: number[]) => [...uint16(1), ...inner, ...uint32(0)];
  const tiff = [
    ...ascii('MM'),
    ...uint16(42),
    ...uint32(8),
    ...directory(...entry(0x8769, 4, 1, 26)),
    ...directory(...entry(0x9286, 7, comment.length, 44)),
    ...comment,
  ];
  const segment = [...ascii('Exif\0\0'), ...tiff];
  return [0xff, 0xd8, 0xff, 0xe1, ...uint16(segment.length + 2), ...segment, 0xff, 0xd9];
}

async function drop(page: Page, name: string, type: string, content: number[]): Promise<void> {
  await page.getByRole('main').waitFor();
  await page.locator('main').evaluate(
    (main, file) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([new Uint8Array(file.content)], file.name, { type: file.type }));
      main.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    },
    { name, type, content },
  );
}

/** A picture whose lowest bits of alpha are a text, encoded by the browser. */
const hidden = (page: Page, text: string): Promise<number[]> =>
  page.evaluate(async (words) => {
    const payload = new TextEncoder().encode(words);
    const head = new Uint8Array(19);
    head.set(new TextEncoder().encode('stealth_pnginfo'));
    new DataView(head.buffer).setUint32(15, payload.length * 8);
    const bits = [...head, ...payload].flatMap((byte) =>
      [7, 6, 5, 4, 3, 2, 1, 0].map((at) => (byte >> at) & 1),
    );
    const [width, height] = [64, Math.ceil(bits.length / 64)];
    const canvas = new OffscreenCanvas(width, height);
    const pixels = new ImageData(width, height);
    pixels.data.fill(255);
    for (const [i, bit] of bits.entries())
      pixels.data[4 * ((i % height) * width + Math.floor(i / height)) + 3] = 254 | bit;
    canvas.getContext('2d')?.putImageData(pixels, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/png' });
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, text);

const prompt = (page: Page) => page.getByRole('textbox', { name: 'Prompt', exact: true });

story('A picture of another program', (studio) => {
  test('as a JPEG restores what has a place in the form, and the rest is listed', async () => {
    const page = await studio.open('/history', WIDE);
    await drop(page, 'castle.jpg', 'image/jpeg', jpeg(TEXT));
    await page.getByRole('button', { name: 'Restore the recipe' }).click();
    await eventually(() => prompt(page).inputValue()).toBe('a castle，夜晚');
    expect(await page.getByRole('textbox', { name: 'Seed' }).inputValue()).toBe('77');
    const lost = page.getByRole('status', { name: 'Not restored' });
    await lost.getByText('Model hillXL is not available.').waitFor();
    await lost.getByText('Limner has no setting for Clip skip 2.').waitFor();
    await lost.getByText('The file does not contain the picture that it was made of.').waitFor();
    expect(await lost.getByText('no longer exists').count()).toBe(0);
  });

  test('with its text in the lowest bits of alpha restores it', async () => {
    const page = await studio.open('/history', WIDE);
    const text = JSON.stringify({
      Software: 'NovelAI',
      Comment: '{"prompt":"a silver key","seed":5,"uc":"text"}',
    });
    await drop(page, 'key.png', 'image/png', await hidden(page, text));
    await page.getByRole('button', { name: 'Restore the recipe' }).click();
    await eventually(() => prompt(page).inputValue()).toBe('a silver key');
  });

  test('with only the canvas of ComfyUI says where to import it', async () => {
    const page = await studio.open('/history', WIDE);
    const text = [...new TextEncoder().encode('workflow\0{"nodes":[]}')];
    const png = [
      137,
      80,
      78,
      71,
      13,
      10,
      26,
      10,
      0,
      0,
      0,
      text.length,
      ...new TextEncoder().encode('tEXt'),
      ...text,
      0,
      0,
      0,
      0,
    ];
    await drop(page, 'canvas.png', 'image/png', png);
    await page.getByText('This picture contains a ComfyUI workflow, but not the prompt that ran.').waitFor();
  });
});

story('A workflow that ComfyUI saved', (studio) => {
  test('is refused without a server, with both ways on', async () => {
    const page = await studio.open('/settings/workflows', WIDE);
    const canvas = JSON.stringify({ nodes: [{ id: 1, type: 'SaveImage' }], links: [], version: 0.4 });
    await page.getByRole('button', { name: 'Import a workflow' }).waitFor();
    const dropped = page.getByRole('heading', { name: 'Workflows' });
    await dropped.evaluate((at, content) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], 'saved.json', { type: 'application/json' }));
      at.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
    }, canvas);
    const alert = page.getByRole('alert');
    await alert.getByText('needs a connected ComfyUI server').waitFor();
    await alert.getByText('Export (API)').waitFor();
  });
});
