import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { answerOf, below } from './connect.ts';

it.each([
  ['http://localhost:3000', 'http://localhost:3000/api/datasets/1/zip'],
  ['https://studio.example/limner', 'https://studio.example/limner/api/datasets/1/zip'],
  ['https://studio.example/limner/', 'https://studio.example/limner/api/datasets/1/zip'],
])('an address of %s lies below its base path', (server, address) =>
  expect(below(server, 'api/datasets/1/zip').href).toBe(address),
);

it('a server that is slow is not one that does not run', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  expect(await answerOf(url, 100)).toBe('late');
  for (const socket of sockets) socket.destroy();
  silent.close();
  await once(silent, 'close');
  expect(await answerOf(url, 5_000)).toBeNull();
});
