/** What the server weighs at most while the worst pictures of each kind arrive eight at a time, and what it answers. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { megabytes, ms } from './measure.ts';
import { peakBytes, startServer, stopServer, watchTotal } from './server-process.ts';

const AT_ONCE = 8;
/** Just under the pixel limit that a server starts with; AVIF has a lower one. */
const [SIDE_PX, AVIF_SIDE_PX] = [7070, 5000];
const TURNED = 6;

const plain = (channels: 3 | 4 = 3, side = SIDE_PX): Sharp =>
  sharp({
    create: { width: side, height: side, channels, background: '#c8442c80' },
    limitInputPixels: false,
  });

const WORST: Record<string, () => Promise<Buffer>> = {
  'JPEG whose header lies': async () => claiming(await smallJpeg(), 7000),
  JPEG: () => plain().jpeg().toBuffer(),
  'JPEG, turned': () => plain().jpeg().withMetadata({ orientation: TURNED }).toBuffer(),
  'JPEG, progressive': () => plain().jpeg({ progressive: true, chromaSubsampling: '4:4:4' }).toBuffer(),
  PNG: () => plain(4).png({ compressionLevel: 9 }).toBuffer(),
  'PNG, interlaced, 16 bit': () =>
    plain(4).toColourspace('rgb16').png({ progressive: true, compressionLevel: 9 }).toBuffer(),
  WebP: () => plain(4).webp({ lossless: true, effort: 0 }).toBuffer(),
  GIF: () => plain(3).gif({ effort: 1 }).toBuffer(),
  AVIF: () => plain(4, AVIF_SIDE_PX).avif({ effort: 0 }).toBuffer(),
  'TIFF, turned': () =>
    plain(4).tiff({ compression: 'deflate' }).withMetadata({ orientation: TURNED }).toBuffer(),
};

export async function run(print: (line: string) => void): Promise<void> {
  for (const [name, make] of Object.entries(WORST)) {
    const picture = await make();
    const { peak, total, slowest, answers } = await eightOf(picture);
    print(
      `${name}, ${megabytes(picture.length)}: peak ${megabytes(peak)}, with its children ${megabytes(total)}, slowest ${ms(slowest)}, answers ${answers}`,
    );
  }
}

async function eightOf(picture: Buffer) {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-uploads-'));
  const { child, url } = await startServer(dataDir, { COMFYUI_URL: 'none' });
  const watch = watchTotal(child.pid);
  try {
    const results = await Promise.all(Array.from({ length: AT_ONCE }, () => upload(url, picture)));
    const answers = [...new Set(results.map(({ answer }) => answer))].join(', ');
    const slowest = Math.max(...results.map(({ took }) => took));
    return { peak: peakBytes(child.pid), total: watch.stop(), slowest, answers };
  } finally {
    watch.stop();
    await stopServer(child);
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** The picture, and then its thumbnail, as the page does. */
async function upload(url: string, picture: Buffer): Promise<{ took: number; answer: string }> {
  const since = performance.now();
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(picture)]), 'worst');
  const response = await fetch(`${url}/api/upload`, { method: 'POST', body: form });
  const body = (await response.json()) as { url?: string; error?: { code: string } };
  if (!body.url) return { took: performance.now() - since, answer: `${response.status} ${body.error?.code}` };
  const small = await fetch(`${url}${body.url}?w=256`);
  await small.arrayBuffer();
  return { took: performance.now() - since, answer: `${response.status} and thumbnail ${small.status}` };
}

const smallJpeg = () =>
  sharp({ create: { width: 90, height: 60, channels: 3, background: '#c8442c' } })
    .jpeg()
    .toBuffer();

/** The same file with another size in its frame header. */
function claiming(jpeg: Buffer, side: number): Buffer {
  const lying = Buffer.from(jpeg);
  const frame = lying.indexOf(Buffer.from([0xff, 0xc0]));
  lying.writeUInt16BE(side, frame + 5);
  lying.writeUInt16BE(side, frame + 7);
  return lying;
}
