import { StudioError } from '@limner/contract';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isLimnerThere, socketProblem } from './socket-problem.ts';

afterEach(() => vi.unstubAllGlobals());

const answering = (answer: () => Response) => vi.stubGlobal('fetch', async () => answer());
const refusal = (code: 'method_not_allowed' | 'origin_refused') => () =>
  Response.json({ error: new StudioError(code).body() }, { status: 400 });

describe('a socket that does not open', () => {
  it.each([
    [
      'is not passed on by a proxy when Limner itself answers',
      refusal('method_not_allowed'),
      'proxy_without_sockets',
      true,
    ],
    ['is refused with the page’s Origin', refusal('origin_refused'), 'origin_refused', true],
    [
      'has a proxy before it that does not reach Limner',
      () => new Response('<h1>502</h1>', { status: 502 }),
      'proxy_answered',
      false,
    ],
  ] as const)('%s', async (_, answer, code, isThere) => {
    answering(answer);
    const problem = await socketProblem();
    expect(problem?.code).toBe(code);
    expect(problem && isLimnerThere(problem)).toBe(isThere);
  });

  it('has no known cause when nothing answers', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    expect(await socketProblem()).toBeNull();
  });
});
