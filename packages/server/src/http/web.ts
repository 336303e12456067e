/**
 * The built web app. Files with a hash in their name are cached without limit, other files are revalidated. An address
 * of a page gets `index.html`, which routes in the browser.
 */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import { requestedLanguage } from './language.ts';
import type { WebAnswer } from './missing.ts';

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.jpg': 'image/jpeg',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};
const TEXT = /^(text|application\/(json|manifest)|image\/svg)/;

/** Addresses that are never pages: unknown ones below them are errors. */
const NOT_PAGES = /^\/(api|outputs|uploads|ws|docs|health|notices|assets)(\/|$)/;
/** No `..`, no hidden file, no backslash. */
const FILE_PATH = /^(\/[\w@-][\w@.+-]*)+$/;

const NOT_BUILT = {
  en: 'Limner is running, but its web app is not built. Run: npm run build. The API is described at /docs.\n',
  zh: 'Limner 已启动，但网页尚未构建。请运行 npm run build。接口说明见 /docs。\n',
};

interface Asset {
  type: string;
  tag: string;
  body: Buffer;
  gzipped: Buffer | null;
}

export function webApp({ webDir, basePath }: Pick<Config, 'webDir' | 'basePath'>): WebAnswer {
  const assets = new Map<string, Asset>();

  async function asset(relative: string): Promise<Asset | null> {
    const file = path.join(webDir ?? '', relative);
    const found = await stat(file).catch(() => null);
    if (!found?.isFile()) return null;
    const tag = `"${basePath.slice(1).replaceAll('/', '.')}${found.size.toString(36)}-${Math.round(found.mtimeMs).toString(36)}"`;
    const held = assets.get(relative);
    if (held?.tag === tag) return held;
    const fresh = await load(file, tag, relative === '/index.html' ? basePath : null);
    assets.set(relative, fresh);
    return fresh;
  }

  return async (request, reply) => {
    const address = pathOf(request);
    if (address === null || (request.method !== 'GET' && request.method !== 'HEAD')) return false;
    if (webDir === null) return isPage(address, request) && notBuilt(request, reply);
    const file = FILE_PATH.test(address) && !isReserved(address) ? await asset(address) : null;
    const found = file ?? (isPage(address, request) ? await asset('/index.html') : null);
    if (!found) return false;
    send(found, address.startsWith('/assets/') && file !== null, request, reply);
    return true;
  };
}

const isReserved = (address: string) => NOT_PAGES.test(address) && !address.startsWith('/assets/');

function pathOf(request: FastifyRequest): string | null {
  try {
    return decodeURIComponent(request.url.split('?', 1)[0] as string);
  } catch {
    return null;
  }
}

function isPage(address: string, request: FastifyRequest): boolean {
  return (
    address === '/' || (!NOT_PAGES.test(address) && (request.headers.accept ?? '').includes('text/html'))
  );
}

/** The build's addresses are relative; pages below the root need absolute ones. */
const pageBelow = (page: string, base: string): string =>
  page.replace('<html', `<html data-base="${base}"`).replaceAll(/ (src|href)="\.\//g, ` $1="${base}/`);

/** The app has a few megabytes; it is kept in memory and compressed once. */
async function load(file: string, tag: string, base: string | null): Promise<Asset> {
  const type = TYPES[path.extname(file)] ?? 'application/octet-stream';
  const written = await readFile(file);
  const body = base === null ? written : Buffer.from(pageBelow(String(written), base));
  const gzipped = TEXT.test(type) && body.length > 1024 ? await promisify(gzip)(body) : null;
  return { type, tag, body, gzipped };
}

function send(asset: Asset, isForEver: boolean, request: FastifyRequest, reply: FastifyReply): void {
  reply.header('etag', asset.tag).header('vary', 'accept-encoding');
  reply.header('cache-control', isForEver ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (request.headers['if-none-match'] === asset.tag) {
    reply.status(304).send();
    return;
  }
  const short = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '') ? asset.gzipped : null;
  if (short) reply.header('content-encoding', 'gzip');
  reply
    .status(200)
    .type(asset.type)
    .send(short ?? asset.body);
}

function notBuilt(request: FastifyRequest, reply: FastifyReply): true {
  reply.status(503).type('text/plain; charset=utf-8').send(NOT_BUILT[requestedLanguage(request)]);
  return true;
}
