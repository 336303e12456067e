import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { testPostgres } from '../../test/postgres-server.ts';
import { StartProblem } from '../start-problem.ts';
import { awaitPostgres } from './await-postgres.ts';

const server = await testPostgres();

let listening: net.Server | null = null;
afterEach(() => void listening?.close());

async function listen(port: number, answer: (socket: net.Socket) => void): Promise<number> {
  listening = net.createServer((socket) => {
    socket.on('error', () => undefined);
    answer(socket);
  });
  await once(listening.listen(port, '127.0.0.1'), 'listening');
  return (listening.address() as AddressInfo).port;
}

async function freePort(): Promise<number> {
  const port = await listen(0, () => undefined);
  listening?.close();
  return port;
}

function recorded() {
  const lines: string[] = [];
  const line = (about: unknown, text = '') => void lines.push(`${JSON.stringify(about)} ${text}`);
  return { lines, log: { warn: line, info: line } };
}

/** What Postgres answers to every login while it starts, or after its start. */
const refusing = (code: string, message: string) => (socket: net.Socket) =>
  socket.once('data', () => {
    const fields = Buffer.from(`SFATAL\0C${code}\0M${message}\0\0`);
    const head = Buffer.from('E\0\0\0\0');
    head.writeInt32BE(fields.length + 4, 1);
    socket.end(Buffer.concat([head, fields]));
  });

const accepting = (socket: net.Socket) =>
  socket.once('data', () => socket.write(Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I', 'latin1')));

it.each([
  ['refuses connections', null],
  ['is starting up', refusing('57P03', 'the database system is starting up')],
])('waits while Postgres %s, and says so once', async (_, before) => {
  const port = await freePort();
  let logins = 0;
  const answer = (socket: net.Socket) => {
    logins += 1;
    if (before && logins < 3) before(socket);
    else accepting(socket);
  };
  if (before) await listen(port, answer);
  else setTimeout(() => void listen(port, answer), 700);
  const { lines, log } = recorded();
  await awaitPostgres({ url: `postgres://me:sekret@127.0.0.1:${port}/limner`, log });
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain(`"postgres":"127.0.0.1:${port}"`);
  expect(lines[0]).toContain('waits up to 60 s');
  expect(lines[1]).toContain('Postgres answers');
  expect(lines.join()).not.toContain('sekret');
});

it('ends with what to do when the time is over', async () => {
  const { lines, log } = recorded();
  const url = `postgres://me:sekret@127.0.0.1:${await freePort()}/limner`;
  const problem = await awaitPostgres({ url, log, patienceMs: 700 }).catch((error) => error);
  expect(problem).toBeInstanceOf(StartProblem);
  expect(problem.texts.en).toMatch(/does not answer at 127.*Start it, or correct DATABASE_URL/);
  expect(lines).toHaveLength(1);
});

it.each([
  ['28P01', 'password authentication failed for user "me"', 'Check user and password'],
  ['3D000', 'database "limner" does not exist', 'Create it'],
])('does not wait where the login is refused with %s', async (code, message, cure) => {
  const port = await listen(0, refusing(code, message));
  const { lines, log } = recorded();
  const url = `postgres://me:sekret@127.0.0.1:${port}/limner`;
  const problem = await awaitPostgres({ url, log }).catch((error) => error);
  expect(problem.texts.en).toContain(cure);
  expect(lines).toEqual([]);
});

it.skipIf(server.version === null)('says nothing where Postgres answers', async () => {
  const { lines, log } = recorded();
  await awaitPostgres({ url: server.url('postgres'), log });
  const problem = await awaitPostgres({ url: server.url('nowhere'), log }).catch((error) => error);
  expect(problem.texts.en).toContain('no database "nowhere"');
  expect(lines).toEqual([]);
});
