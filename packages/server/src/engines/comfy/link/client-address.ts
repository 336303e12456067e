/**
 * A ComfyUI server's address, parsed once into base URL, credentials and a printable form. Credentials are removed from
 * the address, so that no log line, error or health answer can contain them.
 *
 *   http://host:8188/base            nothing
 *   http://user:password@host        Basic
 *   http://bearer:TOKEN@host         Bearer
 *   http://host/?token=TOKEN         sent with every request
 */
import { createHash } from 'node:crypto';
import { type ServerMode, StudioError, serverNameAt } from '@limner/contract';

export interface ComfyServerConfig {
  /** Stable, because tickets of frames contain it. */
  id: string;
  name: string;
  /** May carry credentials. */
  url: string;
  /** Sent as Bearer; takes precedence over credentials in the address. */
  token?: string | null;
  mode?: ServerMode;
}

export interface ComfyAddress {
  /** Without credentials and query: safe to show. */
  shown: string;
  headers: Record<string, string>;
  http(path: string, query?: Record<string, string>): string;
  socket(clientId: string): string;
}

/** A server given only by its address, as in `COMFYUI_URL`. The same address keeps its id over restarts. */
export function serverAt(url: string): ComfyServerConfig {
  const { shown } = readAddress({ url });
  const id = `comfy-${createHash('sha256').update(shown).digest('hex').slice(0, 8)}`;
  return { id, name: serverNameAt(shown), url };
}

export function readAddress({ url, token }: Pick<ComfyServerConfig, 'url' | 'token'>): ComfyAddress {
  if (!URL.canParse(url)) return unreadable;
  const parsed = new URL(url);
  const base = `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`;
  const kept = [...parsed.searchParams];
  const join = (path: string, query: Record<string, string>) => {
    const search = new URLSearchParams([...kept, ...Object.entries(query)]).toString();
    return `${base}${path}${search ? `?${search}` : ''}`;
  };
  const authorization = authorizationOf(parsed, token);
  return {
    shown: base,
    headers: authorization ? { authorization } : {},
    http: (path, query = {}) => join(path, query),
    socket: (clientId) => join('/ws', { clientId }).replace(/^http/, 'ws'),
  };
}

/** Stands for the damaged address of a stored server, so that the server is listed with the reason. */
const unreadable: ComfyAddress = {
  shown: '–',
  headers: {},
  http: refuse,
  socket: refuse,
};

function refuse(): never {
  throw new StudioError('engine_failed', {
    data: {
      engine: 'ComfyUI',
      reason: {
        en: 'its stored address cannot be read; remove the server in Settings and add it again',
        zh: '保存的地址无法识别，请在设置中移除该服务器后重新添加',
      },
    },
  });
}

function authorizationOf(url: URL, token?: string | null): string | undefined {
  if (token) return `Bearer ${token}`;
  const user = decoded(url.username);
  const password = decoded(url.password);
  if (!user && !password) return undefined;
  if (user.toLowerCase() === 'bearer') return `Bearer ${password}`;
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** A `%` that does not start an escape is literal. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
