/**
 * Decides which requests are accepted, before anything is read. Limner has no accounts, so a page of another site that
 * is open in the browser must not reach it:
 *
 * - Host: a foreign name that points at this machine (DNS rebinding) is refused. A numeric address cannot be rebound
 *   and always passes. The same holds for the X-Forwarded-Host of a trusted proxy, which may replace the Host; the Host is
 *   checked too, as a page can send any X-Forwarded-Host.
 * - Origin: a page may call the API if it is Limner's own or listed in CORS_ORIGINS; the same holds for the socket's
 *   handshake.
 *   The files of the web app are free of this, so that the app starts and can say what a proxy does to the Host.
 * - Sec-Fetch-Site: a form that another site posts without an Origin is refused. Links to Limner still work.
 */
import { isIP } from 'node:net';
import os from 'node:os';
import { StudioError } from '@limner/contract';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';

type GuardConfig = Pick<Config, 'host' | 'publicBind' | 'allowedHosts' | 'corsOrigins'>;

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

export function createGuard(config: GuardConfig) {
  const names = knownNames(config);
  const anyHost = config.allowedHosts.includes('*');
  const anyOrigin = config.corsOrigins.includes('*');
  const origins = new Set(config.corsOrigins);

  return function guard(request: Pick<FastifyRequest, 'headers' | 'host' | 'method' | 'url'>): void {
    const { host, origin } = request.headers;
    if (!host) throw new StudioError('host_missing');
    const foreignHost = anyHost ? undefined : [host, request.host].find((name) => !isOurs(name, names));
    if (foreignHost !== undefined) throw new StudioError('host_refused', { data: { host: foreignHost } });
    if (origin === undefined) {
      const foreign = request.headers['sec-fetch-site'] === 'cross-site' && !READS.has(request.method);
      if (foreign) throw new StudioError('origin_refused', { data: { origin: ANOTHER_SITE, host } });
    } else if (!anyOrigin && !origins.has(origin) && !isSameOrigin(origin, host) && !isAsset(request)) {
      throw new StudioError('origin_refused', { data: { origin, host } });
    }
  };
}

const ANOTHER_SITE = { en: 'another site', zh: '其他网站' };

function knownNames(config: GuardConfig): Set<string> {
  const names = ['localhost', config.host, ...config.allowedHosts];
  if (config.publicBind) names.push(os.hostname(), `${os.hostname()}.local`);
  return new Set(names.map((name) => hostname(name) ?? name.toLowerCase()));
}

function isOurs(host: string, names: Set<string>): boolean {
  const name = hostname(host);
  if (name === null) return false;
  return names.has(name) || name.endsWith('.localhost') || isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}

/** The name in a Host header, lower case, without its port; null if it is not a valid host. */
function hostname(host: string): string | null {
  const url = `http://${host}`;
  return /^[\w.:[\]-]+$/.test(host) && URL.canParse(url) ? new URL(url).hostname : null;
}

const isAsset = ({ method, url }: Pick<FastifyRequest, 'method' | 'url'>): boolean =>
  READS.has(method) && url.startsWith('/assets/');

function isSameOrigin(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: originHost } = new URL(origin);
  // Parsed with the same protocol, so that a default port compares equal whether it is written or not.
  const own = `${protocol}//${host}`;
  return URL.canParse(own) && new URL(own).host === originHost;
}
