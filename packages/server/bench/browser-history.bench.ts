/**
 * Scrolling through a history of ten thousand pictures, each a file of its own, from the newest to the first: how many
 * frames a second the browser draws meanwhile, and how much memory the page holds at the end. Beside it stands a bare page
 * of the same pictures, nothing else and all loaded before: what this machine's browser can draw at all.
 */
import { copyFile, link, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import type { CDPSession, Page } from 'playwright-core';
import sharp from 'sharp';
import { SqliteDatabase } from '../src/db/sqlite-database.ts';
import { thumbKeys } from '../src/images/thumbnail.ts';
import { searchText } from '../src/search/search-words.ts';
import { inBrowser } from './browser.ts';
import { megabytes, percentile } from './measure.ts';

const PICTURES = 10_000;
const LOOKS = 40;
const A_DAY = 400;
const GOALS = { fps: 55, heapMb: 100 };
/** As fast as a hand that spins the wheel: 3,600 px or four screens a second, where sixty frames are drawn. */
const STEP_PX = 60;
/** Of the bare page: five seconds of scrolling, in columns as history has them at this width. */
const BARE = { pictures: 700, columns: 7, tilePx: 190, gapPx: 8 };

export async function run(print: (line: string) => void): Promise<void> {
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-history-'));
  try {
    await fill(dataDir);
    const environ = { TASK_CLEANUP_DAYS: '0' };
    await inBrowser({ engines: [], dataDir, environ }, print, async ({ open }) => {
      const bare = await bareFps(await open('/healthz'));
      print(`a bare page of the same pictures: median ${bare.toFixed(0)} fps`);
      const fps = await look(await open('/history'), print);
      print(`history draws ${(fps / bare).toFixed(2)} times as many as the bare page`);
    });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** At the studio's own address, without its rules for what a page may hold. */
async function bareFps(page: Page): Promise<number> {
  const { pictures, columns, tilePx, gapPx } = BARE;
  const images = Array.from(
    { length: pictures },
    (_, n) => `<img width=${tilePx} height=${tilePx} src="/outputs/${PICTURES - n}_0.png?w=256">`,
  );
  const style = `height:840px;overflow-y:scroll;background:#0d0d0c;display:grid;gap:${gapPx}px;grid-template-columns:repeat(${columns},${tilePx}px)`;
  const body = `<!doctype html><main data-history style="${style}">${images.join('')}</main>`;
  await page.route('**/bare', (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto(new URL('/bare', page.url()).href, { waitUntil: 'commit' });
  await page.unroute('**/bare');
  const allHere = '[...document.images].every((image) => image.complete && image.naturalWidth > 0)';
  await page.waitForFunction(allHere, undefined, { timeout: 120_000 });
  const intervals = await page.evaluate<number[]>(SCROLL);
  await page.context().close();
  return median(intervals);
}

const median = (intervals: number[]): number => 1000 / percentile(intervals, 50);

/** Returns the median of frames a second. */
async function look(page: Page, print: (line: string) => void): Promise<number> {
  await page.locator('[data-picture]').first().waitFor();
  const session = await page.context().newCDPSession(page);
  const [heap, busy] = [await heapBytes(session), await busyMs(session)];
  const intervals = await page.evaluate<number[]>(SCROLL);
  const busyEach = ((await busyMs(session)) - busy) / intervals.length;
  const grown = (await heapBytes(session)) - heap;
  const fps = intervals.map((ms) => 1000 / ms);
  const meanFps = 1000 / (intervals.reduce((sum, ms) => sum + ms, 0) / intervals.length);
  const pictures = PICTURES.toLocaleString('en');
  print(`${pictures} pictures, ${intervals.length.toLocaleString('en')} frames drawn on the way down`);
  print(
    `median ${percentile(fps, 50).toFixed(0)} fps (goal ≥ ${GOALS.fps}), mean ${meanFps.toFixed(0)}, slowest of a hundred ${percentile(fps, 1).toFixed(0)} fps`,
  );
  print(`the page's own work: ${busyEach.toFixed(1)} ms of processor time a frame; 16.7 ms are 60 fps`);
  print(
    `heap ${megabytes(heap)} at first, ${megabytes(grown)} more at the end (goal ≤ ${GOALS.heapMb} MB), ${await page.locator('[data-picture]').count()} tiles in the page`,
  );
  return median(intervals);
}

/** Rows and files, straight into their places; every picture and thumbnail is a link to one of a few. */
async function fill(dataDir: string): Promise<void> {
  const file = path.join(dataDir, 'limner.db');
  await (await SqliteDatabase.open(file)).close();
  for (const folder of ['outputs', 'thumbs', 'looks']) await mkdir(path.join(dataDir, folder));
  for (let look = 0; look < LOOKS; look += 1) await paint(dataDir, look);
  const db = new DatabaseSync(file);
  db.exec('pragma synchronous = off; begin');
  const task =
    db.prepare(`insert into tasks (id, kind, status, lane, priority, family, prompt, search_text, plan, total_frames, version, created_at, started_at, completed_at)
    values (?, 'generation', 'completed', 'starter', 0, 'starter', ?, ?, '{}', 1, ?, ?, ?, ?)`);
  const frame = db.prepare(
    `insert into frames (task_id, frame_index, status, seed, completed_at) values (?, 0, 'completed', '1', ?)`,
  );
  const output =
    db.prepare(`insert into outputs (task_id, frame_index, place, role, file, media_type, width, height, size_bytes, created_at)
    values (?, 0, 0, 'main', ?, 'image/png', 512, 512, 1000, ?)`);
  for (let id = 1; id <= PICTURES; id += 1) {
    const moment = Date.now() - Math.floor(((PICTURES - id) / A_DAY) * 86_400_000);
    const prompt = `a potion, number ${id}`;
    const key = `outputs/${id}_0.png`;
    task.run(id, prompt, searchText(prompt), moment, moment, moment, moment);
    frame.run(id, moment);
    output.run(id, key, moment);
    await link(lookAt(dataDir, id % LOOKS, 'png'), path.join(dataDir, key));
    for (const thumb of thumbKeys(key))
      await link(lookAt(dataDir, id % LOOKS, 'webp'), path.join(dataDir, thumb));
  }
  db.exec('commit');
  db.close();
}

const lookAt = (dataDir: string, look: number, ending: string): string =>
  path.join(dataDir, 'looks', `${look}.${ending}`);

async function paint(dataDir: string, look: number): Promise<void> {
  const hue = Math.round((look * 360) / LOOKS);
  const drawing = Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512"><defs><radialGradient id="g"><stop offset="0" stop-color="hsl(${hue},70%,70%)"/><stop offset="1" stop-color="hsl(${hue},60%,20%)"/></radialGradient></defs><rect width="512" height="512" fill="hsl(${hue},30%,12%)"/><circle cx="256" cy="${200 + look * 3}" r="${120 + look * 2}" fill="url(#g)"/></svg>`,
  );
  const source = lookAt(dataDir, look, 'svg.png');
  await sharp(drawing).png().toFile(source);
  await copyFile(source, lookAt(dataDir, look, 'png'));
  await sharp(source)
    .resize(256)
    .webp({ quality: 82 })
    .toFile(lookAt(dataDir, look, 'webp'));
}

async function heapBytes(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  return usedSize;
}

/** Processor time of the page's main thread, to which other programs of a busy machine add nothing. */
async function busyMs(session: CDPSession): Promise<number> {
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const { metrics } = await session.send('Performance.getMetrics');
  return (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0) * 1000;
}

/** Runs in the page; gives the time between two drawn frames, all the way down. At the foot it waits for more of the list; nothing for four seconds is the end, and is not counted. */
const SCROLL = `new Promise((resolve) => {
  const list = document.querySelector('[data-history]');
  const times = [];
  let last = performance.now();
  let movedMs = last;
  const step = (now) => {
    const from = list.scrollTop;
    list.scrollTop = from + ${STEP_PX};
    if (list.scrollTop !== from) {
      times.push(now - last);
      movedMs = now;
    }
    last = now;
    if (now - movedMs > 4000) resolve(times);
    else requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;
