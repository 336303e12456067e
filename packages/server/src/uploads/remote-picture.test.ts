import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { StudioError } from '@limner/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { openRemotePicture } from './remote-picture.ts';

const LIMIT_BYTES = 1000;
let server: Server | undefined;
afterEach(() => server?.close());

async function site(answer: RequestListener): Promise<string> {
  server = createServer(answer).listen(0, '127.0.0.1');
  await new Promise((resolve) => server?.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Tests live on the loopback; `here` stands for the public internet. */
const open = (url: string, isAllowed = (address: string): boolean => address === '127.0.0.1') =>
  openRemotePicture(url, { limitBytes: LIMIT_BYTES, isAllowed });

const refusal = (url: string, isAllowed?: (address: string) => boolean) =>
  open(url, isAllowed).then(
    () => null,
    (error: StudioError) => [error.code, error.field],
  );

describe('a picture from an address', () => {
  it('comes with the name the address gives it', async () => {
    const url = await site((_, response) => response.end('bytes'));
    const remote = await open(`${url}/art/red%20dragon.png?size=large`);
    expect([remote.name, String(await buffer(remote.body))]).toEqual(['red dragon.png', 'bytes']);
    await remote.close();
  });

  it('is found behind redirects', async () => {
    const url = await site(({ url: path }, response) =>
      path === '/b.png' ? response.end('here') : response.writeHead(302, { location: '/b.png' }).end(),
    );
    const remote = await open(`${url}/a`);
    expect([remote.name, String(await buffer(remote.body))]).toEqual(['b.png', 'here']);
    await remote.close();
  });

  it('is never asked for inside the network, by number, by name or by redirect', async () => {
    let asked = 0;
    const url = await site(({ socket }, response) => {
      asked += 1;
      response.writeHead(302, { location: `http://localhost:${socket.localPort}/in` }).end();
    });
    const nowhere = () => false;
    expect(await refusal(url, nowhere)).toEqual(['url_refused', 'url']);
    expect(await refusal(url.replace('127.0.0.1', 'localhost'), nowhere)).toEqual(['url_refused', 'url']);
    expect(await refusal(url.replace('127.0.0.1', '[::ffff:7f00:1]'), nowhere)).toEqual([
      'url_refused',
      'url',
    ]);
    expect(asked).toBe(0);
    // The first address is allowed, what it leads to is not.
    let looks = 0;
    expect(await refusal(url, (address) => address === '127.0.0.1' && looks++ === 0)).toEqual([
      'url_refused',
      'url',
    ]);
    expect(asked).toBe(1);
  });

  it('is refused when it says that it is too large', async () => {
    const url = await site((_, response) => response.end(Buffer.alloc(LIMIT_BYTES + 1)));
    expect(await refusal(url)).toEqual(['file_too_large', 'url']);
  });

  it('fails when the site has none, redirects for ever or elsewhere, or does not answer', async () => {
    const url = await site(({ url: path }, response) => {
      if (path === '/loop') response.writeHead(302, { location: '/loop' }).end();
      else if (path === '/file') response.writeHead(302, { location: 'file:///etc/passwd' }).end();
      else response.writeHead(404).end('no');
    });
    for (const path of ['/none', '/loop', '/file']) {
      expect(await refusal(url + path)).toEqual(['url_failed', 'url']);
    }
    server?.close();
    expect(await refusal('http://127.0.0.1:1/')).toEqual(['url_failed', 'url']);
  });
});
