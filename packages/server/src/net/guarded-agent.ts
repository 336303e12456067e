/**
 * Connections to addresses that users name. Limner resolves the name and checks every address when it connects, so a
 * name that points to a private address, also only at the second lookup, is refused.
 */
import { type LookupAddress, lookup as resolve } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import type { Bilingual } from '@limner/contract';
import { Agent, buildConnector } from 'undici';

const CONNECT_MS = 5_000;

export class AddressRefused extends Error {}

/** @param isAllowed which addresses may be connected to */
export function guardedAgent(isAllowed: (address: string) => boolean): Agent {
  const connect = buildConnector({ timeout: CONNECT_MS, lookup: guardedLookup(isAllowed) } as never);
  return new Agent({
    connect: (options, callback) => {
      const host = options.hostname.replace(/^\[|\]$/g, '');
      // A numeric address is not resolved, so it is checked here.
      if (isIP(host) && !isAllowed(host)) callback(new AddressRefused(host), null);
      else connect(options, callback);
    },
  });
}

function guardedLookup(isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
      const allowed = found?.filter(({ address }) => isAllowed(address)) ?? [];
      const [first] = allowed;
      if (error) callback(error, '', 0);
      else if (!first) callback(new AddressRefused(hostname), '', 0);
      else if (options.all) callback(null, allowed);
      else callback(null, first.address, first.family);
    });
  };
}

const REASONS: Record<string, Bilingual> = {
  ENOTFOUND: { en: 'there is no server of this name', zh: '没有这个名字的服务器' },
  EAI_AGAIN: { en: 'its name cannot be resolved. Check the network', zh: '无法解析域名，请检查网络' },
  ECONNREFUSED: { en: 'it does not accept connections', zh: '对方拒绝连接' },
};
const SILENT: Bilingual = { en: 'it does not answer', zh: '对方没有响应' };

/** Why a request over such an agent failed: the refusal of its address, or a reason as part of a sentence. */
export function unreachable(error: unknown): AddressRefused | Bilingual {
  const all = error instanceof AggregateError ? [error, ...error.errors] : [error];
  const refused = all.find((one) => one instanceof AddressRefused);
  if (refused) return refused;
  const code = all.map((one) => (one as NodeJS.ErrnoException)?.code).find((one) => one && REASONS[one]);
  return REASONS[code ?? ''] ?? SILENT;
}
