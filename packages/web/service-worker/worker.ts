/**
 * Lets the studio start without its server and says so honestly: what is drawn around the work is kept, the work itself
 * is not. Addresses under which the server answers (`/api`, `/ws`, …) are never touched, so nothing is told that the
 * server did not say. A new version waits until the page asks it to take over.
 */
/// <reference lib="webworker" />
import { isKeptForEver, isPage, isThumbnail } from '../src/pwa/addresses.ts';

declare const self: ServiceWorkerGlobalScope;
/** Written by the build: every file of the app, and one name for all of them together. */
declare const __FILES__: string[];
declare const __VERSION__: string;

/** The path of the app on its host, such as `/limner`; empty at the root. Other Limners may be on the same host. */
const BASE = new URL(self.registration.scope).pathname.replace(/\/$/, '');
const NAME = BASE === '' ? 'limner' : `limner:${BASE}:`;
const SHELLS = `${NAME}-shell-`;
const SHELL = SHELLS + __VERSION__;
const PICTURES = `${NAME}-pictures`;
const MOST_PICTURES = 400;
/** A server that does not answer within this is taken for away; the page is here. */
const PATIENCE_MS = 4_000;

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(__FILES__.map((file) => BASE + file))));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      const old = names.filter((name) => name.startsWith(SHELLS) && name !== SHELL);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (!url.pathname.startsWith(`${BASE}/`)) return;
  const path = url.pathname.slice(BASE.length);
  if (request.mode === 'navigate') {
    if (isPage(path)) event.respondWith(page(request));
  } else if (isKeptForEver(path)) event.respondWith(kept(request));
  else if (isThumbnail(path, url.searchParams)) event.respondWith(picture(event, request));
  else if (__FILES__.includes(path)) event.respondWith(fresh(request));
});

/** The server's page, so that a new version is seen at once; without a server the one that is kept. */
async function page(request: Request): Promise<Response> {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(PATIENCE_MS) });
    // A proxy in front of a server that is away answers too.
    if (answer.ok || answer.status < 500) return answer;
  } catch {
    // Away, or too slow.
  }
  return (await caches.match(`${BASE}/index.html`, { cacheName: SHELL })) ?? Response.error();
}

/** Its name changes with its content. */
async function kept(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}

async function fresh(request: Request): Promise<Response> {
  return fetch(request).catch(async () => (await caches.match(request)) ?? Response.error());
}

/** What was looked at can be looked at again while the server is away. */
async function picture(event: FetchEvent, request: Request): Promise<Response> {
  try {
    const answer = await fetch(request);
    if (answer.ok) event.waitUntil(keep(request, answer.clone()));
    return answer;
  } catch {
    return (await caches.match(request, { cacheName: PICTURES })) ?? Response.error();
  }
}

async function keep(request: Request, answer: Response): Promise<void> {
  const cache = await caches.open(PICTURES);
  await cache.put(request, answer);
  const keys = await cache.keys();
  for (const oldest of keys.slice(0, Math.max(0, keys.length - MOST_PICTURES))) await cache.delete(oldest);
}
