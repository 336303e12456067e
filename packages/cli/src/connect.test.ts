import { expect, it } from 'vitest';
import { below } from './connect.ts';

it.each([
  ['http://localhost:3000', 'http://localhost:3000/api/datasets/1/zip'],
  ['https://studio.example/limner', 'https://studio.example/limner/api/datasets/1/zip'],
  ['https://studio.example/limner/', 'https://studio.example/limner/api/datasets/1/zip'],
])('an address of %s lies below its base path', (server, address) =>
  expect(below(server, 'api/datasets/1/zip').href).toBe(address),
);
