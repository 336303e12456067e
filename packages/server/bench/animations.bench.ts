/**
 * By how much the server's memory grows while it writes an animation, for few frames and for many: memory has to depend on
 * the size of a frame, not on their number. Then the largest sheet in one row of cells. Linux only.
 */
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type AnimationInput, type Client, createClient, type Size } from '@limner/contract';
import sharp from 'sharp';
import { megabytes, ms } from './measure.ts';
import { peakBytes, residentBytes, startServer, stopServer } from './server-process.ts';

const FEW = 60;
const MANY = 240;
const FRAME: Size = { width: 480, height: 272 };
/** 16 of them are 64 megapixels, 16,000 pixels wide. */
const TALL: Size = { width: 1000, height: 4000 };
const TALL_FRAMES = 16;
const FORMATS = ['gif', 'webp', 'apng', 'sheet'] as const;
/** Sets the peak to what is resident now: proc_pid_clear_refs(5). */
const RESET_PEAK = '5';
const ASK_EVERY_MS = 50;

interface Server {
  api: Client;
  pid: number | undefined;
}

export async function run(print: (line: string) => void): Promise<void> {
  for (const format of FORMATS) {
    const few = await withServer((server) => measured(server, FRAME, FEW, { format }));
    const many = await withServer((server) => measured(server, FRAME, MANY, { format }));
    print(
      `${format}: +${megabytes(few.growth)} with ${FEW} frames, +${megabytes(many.growth)} with ${MANY}; ${ms(many.took / MANY)} per frame`,
    );
  }
  const sheet = { format: 'sheet', columns: TALL_FRAMES, padding: 0 } as const;
  const row = await withServer((server) => measured(server, TALL, TALL_FRAMES, sheet));
  print(`a sheet of 64 megapixels in one row: +${megabytes(row.growth)}, ${ms(row.took)}`);
}

async function withServer<T>(work: (server: Server) => Promise<T>): Promise<T> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-animations-'));
  const { child, url } = await startServer(dataDir, {
    COMFYUI_URL: 'none',
    RATE_LIMIT_PER_MINUTE: '1000000',
  });
  try {
    return await work({ api: createClient({ baseUrl: url }), pid: child.pid });
  } finally {
    await stopServer(child);
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Of the second animation: the first loads the library and fills the pools of memory. */
async function measured(
  { api, pid }: Server,
  size: Size,
  count: number,
  how: Omit<AnimationInput, 'frames'>,
): Promise<{ growth: number; took: number }> {
  const frames: string[] = [];
  for (let at = 0; at < count; at += 1) {
    const file = new Blob([new Uint8Array(await frameAt(at, size))]);
    frames.push((await api.call('upload', { file, fileName: `${at}.png` })).id);
  }
  await made(api, { ...how, frames: frames.slice(0, FEW) });
  writeFileSync(`/proc/${pid}/clear_refs`, RESET_PEAK);
  const before = residentBytes(pid);
  const since = performance.now();
  await made(api, { ...how, frames });
  return { growth: peakBytes(pid) - before, took: performance.now() - since };
}

async function made(api: Server['api'], body: AnimationInput): Promise<void> {
  const { id } = await api.call('animate', { body });
  for (;;) {
    const { status, frames } = await api.call('getTask', { params: { id } });
    if (status === 'completed') return;
    if (status === 'failed') throw new Error(frames[0]?.error?.message);
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}

/** A disc that moves over a ground of soft colours. */
function frameAt(at: number, { width, height }: Size): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="ground" x2="1" y2="1">
      <stop stop-color="#1b2a49"/><stop offset="1" stop-color="hsl(${(at * 3) % 360},60%,55%)"/>
    </linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#ground)"/>
    <circle cx="${(at * 7) % width}" cy="${height / 2}" r="${height / 6}" fill="#e8b84a"/>
  </svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}
