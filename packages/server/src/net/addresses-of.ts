/** The addresses of a host that a user names. */
import { lookup } from 'node:dns/promises';
import { setTimeout as pause } from 'node:timers/promises';

const ANSWER_WITHIN_MS = 2_000;

/** Names below `localhost` are this machine, whatever a name server says (RFC 6761, 6.3). */
const OF_THIS_MACHINE = /(^|\.)(localhost|ip6-localhost|ip6-loopback)\.?$/i;

/** An address is its own. None for a name that is not resolved within two seconds. */
export async function addressesOf(host: string): Promise<string[]> {
  if (OF_THIS_MACHINE.test(host)) return ['127.0.0.1'];
  const found = lookup(host, { all: true }).catch(() => []);
  const late = new AbortController();
  const addresses = await Promise.race([
    found,
    pause(ANSWER_WITHIN_MS, [], { signal: late.signal, ref: false }).catch(() => []),
  ]);
  late.abort();
  return addresses.map(({ address }) => address);
}
