/** A built Limner with a data folder of its own, and a browser. Without Chromium (LIMNER_CHROMIUM) stories are skipped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createClient, isFinal, type Task } from '@limner/contract';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest';
import { LAUNCH } from './browser.ts';

const MAIN = path.resolve(import.meta.dirname, '../packages/server/dist/main.js');
const READY = /^Limner .*?(http\S+)$/;
const START_MS = 60_000;
/** Time limit for slow steps on a busy machine; shorter than a story's, so that a failed story can still print its pages. */
const WAIT_MS = 60_000;

export interface Studio {
  url: string;
  api: ReturnType<typeof createClient>;
  /** A page of a fresh browser profile, in English by default; closed when the test ends. A path, or a whole address. */
  open(address?: string, options?: BrowserContextOptions): Promise<Page>;
  /** Waits until a task has ended. */
  ended(id: number): Promise<Task>;
  /** Stops the server, does something meanwhile, and starts it again at its address. */
  whileAway(work: () => Promise<void>): Promise<void>;
}

/**
 * Without menu animation: on a busy machine a click into a moving menu is lost. Without the service worker, unless a story is
 * about it (`WITH_WORKER`): it fetches the whole app for every new profile, a third of what a page costs.
 */
const VISITOR: BrowserContextOptions = {
  locale: 'en-GB',
  colorScheme: 'dark',
  reducedMotion: 'reduce',
  serviceWorkers: 'block',
};

export const WITH_WORKER: BrowserContextOptions = { serviceWorkers: 'allow' };

/** `expect` that polls, for slow steps on a busy machine. */
export const eventually = <T>(read: () => T | Promise<T>) =>
  expect.poll(read, { timeout: WAIT_MS, interval: 100 });

/** A group of stories that share one studio. `environ`: further settings of its server. */
export function story(
  name: string,
  define: (studio: Studio) => void,
  environ: Record<string, string> = {},
): void {
  const reason = obstacle();
  if (reason) console.log(`${name}: skipped, ${reason}.`);
  describe.skipIf(reason !== null)(name, () => {
    const studio = {} as Studio;
    let server: Server;
    let browser: Browser;
    beforeAll(async () => {
      [server, browser] = await Promise.all([
        startServer(environ),
        chromium.launch({ ...LAUNCH, executablePath: process.env.LIMNER_CHROMIUM }),
      ]);
      Object.assign(studio, studioAt(server.url, browser), { whileAway: server.whileAway });
    }, START_MS);
    afterAll(async () => {
      await browser?.close();
      await server?.close();
    });
    define(studio);
  });
}

function obstacle(): string | null {
  const browser = process.env.LIMNER_CHROMIUM;
  if (!browser) return process.env.LIMNER_NO_CHROMIUM ?? 'LIMNER_CHROMIUM names no browser';
  if (!existsSync(browser)) return `LIMNER_CHROMIUM names ${browser}, which is not there`;
  return existsSync(MAIN) ? null : 'the server is not built';
}

function studioAt(url: string, browser: Browser): Omit<Studio, 'whileAway'> {
  const api = createClient({ baseUrl: url });
  return {
    url,
    api,
    async open(address = '/', options = {}) {
      const context = await browser.newContext({ ...VISITOR, ...options });
      context.setDefaultTimeout(WAIT_MS);
      onTestFinished(async ({ task }) => {
        if (task.result?.state === 'fail') await printShownPages(context);
        await context.close();
      });
      const page = await context.newPage();
      await page.goto(address.startsWith('/') ? url + address : address);
      return page;
    },
    async ended(id) {
      for (;;) {
        const task = await api.call('getTask', { params: { id } });
        if (isFinal(task.status)) return task;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
  };
}

/** Prints the text of all pages when a story fails, to diagnose failures on other machines. */
async function printShownPages(context: BrowserContext): Promise<void> {
  for (const page of context.pages()) {
    const text = await page.locator('body').innerText({ timeout: 5_000 }).catch(String);
    console.log(`${page.url()} showed:\n${text}`);
  }
}

interface Server {
  url: string;
  whileAway: Studio['whileAway'];
  close(): Promise<void>;
}

async function startServer(environ: Record<string, string>): Promise<Server> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'limner-story-'));
  let child = spawnServer(dataDir, '0', environ);
  const close = async () => {
    await stopped(child);
    await rm(dataDir, { recursive: true, force: true });
  };
  const url = await readyUrl(child).catch(async (error) => {
    await close();
    throw error;
  });
  const whileAway = async (work: () => Promise<void>) => {
    await stopped(child);
    try {
      await work();
    } finally {
      child = spawnServer(dataDir, new URL(url).port, environ);
      await readyUrl(child);
    }
  };
  return { url, close, whileAway };
}

function spawnServer(dataDir: string, port: string, environ: Record<string, string>): ChildProcess {
  return spawn(process.execPath, [MAIN, 'serve'], {
    env: {
      ...process.env,
      PORT: port,
      LIMNER_DATA_DIR: dataDir,
      LOG_LEVEL: 'error',
      // Only built-in engines: no story depends on a ComfyUI server of this machine.
      COMFYUI_URL: 'http://127.0.0.1:9',
      RATE_LIMIT_PER_MINUTE: '100000',
      ...environ,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function readyUrl(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The server has no output.');
  for await (const line of createInterface({ input: child.stdout })) {
    const url = READY.exec(line)?.[1];
    if (url) return url;
  }
  throw new Error('The server ended before it was ready.');
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await ended;
  clearTimeout(timer);
}
