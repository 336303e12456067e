/** `limner mcp` as programs start it. Needs a build, which `npm test` makes. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT, SERVER_MAIN } from './installation.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { WORDS } from './words.ts';

const CLI_MAIN = join(ROOT, 'packages/cli/dist/main.js');
const NOBODY_LISTENS_THERE = '9';

interface Result {
  isError?: boolean;
  content: { type: string; text?: string; uri?: string }[];
  structuredContent: { pictures: { id: string; url: string }[] };
}

describe.skipIf(!existsSync(SERVER_MAIN) || !existsSync(CLI_MAIN))('limner mcp', () => {
  let folder: string;
  let server: ServerProcess;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'limner-mcp-'));
    server = await startServer({ ...process.env, LIMNER_DATA_DIR: join(folder, 'data') }, WORDS.en);
  });
  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const environ = (more: Record<string, string>) => ({
    PATH: process.env.PATH ?? '',
    LIMNER_DATA_DIR: join(folder, 'none'),
    PORT: NOBODY_LISTENS_THERE,
    ...more,
  });
  const command = { command: process.execPath, args: [CLI_MAIN, 'mcp'] };

  const current = async (env: Record<string, string>) => {
    const client = new Client({ name: 'test', version: '1.0.0' }, { versionNegotiation: { mode: 'auto' } });
    await client.connect(new StdioClientTransport({ ...command, env: environ(env), stderr: 'pipe' }));
    return client;
  };

  it('makes pictures on a running Limner for the current client, from files of this machine too', async () => {
    const client = await current({ LIMNER_URL: server.url });
    const call = async (name: string, args: object) =>
      (await client.callTool({ name, arguments: { ...args } })) as unknown as Result;
    try {
      const made = await call('generate_image', { prompt: 'a red dragon', seed: 7, width: 128, height: 128 });
      const [picture] = made.structuredContent.pictures;
      expect(made.content.map(({ type }) => type)).toEqual(['text', 'text', 'image', 'resource_link']);
      expect(picture?.url).toBe(`${server.url}/outputs/1_0.png`);

      const file = join(folder, 'dragon.png');
      await writeFile(file, Buffer.from(await (await fetch(picture?.url ?? '')).arrayBuffer()));
      const large = await call('upscale_image', { image: file, factor: 2 });
      expect(large.structuredContent.pictures).toMatchObject([{ width: 256, height: 256 }]);

      const refused = await call('upscale_image', { image: join(folder, 'no.png') });
      expect([refused.isError, refused.content[0]?.text]).toEqual([true, expect.stringContaining('no.png')]);
    } finally {
      await client.close();
    }
  });

  it('makes pictures for the client before', async () => {
    const client = new OldClient({ name: 'test', version: '1.0.0' });
    await client.connect(
      new OldTransport({ ...command, env: environ({ LIMNER_URL: server.url }), stderr: 'pipe' }),
    );
    try {
      const made = (await client.callTool({
        name: 'generate_image',
        arguments: { prompt: 'a silver key', width: 128, height: 128 },
      })) as unknown as Result;
      expect(made.content.map(({ type }) => type)).toEqual(['text', 'text', 'image', 'resource_link']);
    } finally {
      await client.close();
    }
  });

  it('starts without a Limner, and says so when a tool needs one', async () => {
    const client = await current({});
    try {
      expect((await client.listTools()).tools).toHaveLength(16);
      const refused = (await client.callTool({ name: 'studio_status', arguments: {} })) as unknown as Result;
      expect(refused).toMatchObject({ isError: true, content: [{ text: WORDS.en.server.noneRunsForMcp }] });
    } finally {
      await client.close();
    }
  });

  it('writes nothing but messages to standard output, and ends with standard input', async () => {
    const child = spawn(command.command, command.args, { env: environ({ LIMNER_URL: server.url }) });
    const output = text(child.stdout);
    const ended = new Promise((resolve) => child.once('close', resolve));
    let answered: () => void = () => {};
    const hasAnswered = new Promise<void>((resolve) => {
      answered = resolve;
    });
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.includes('"id":2')) answered();
    });
    const send = (message: object) =>
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const info = {
      protocolVersion: '2025-06-18',
      capabilities: {},
      clientInfo: { name: 'test', version: '1' },
    };
    send({ id: 1, method: 'initialize', params: info });
    send({ method: 'notifications/initialized' });
    send({ id: 2, method: 'tools/call', params: { name: 'studio_status', arguments: {} } });
    await hasAnswered;
    child.stdin.end();
    expect(await ended).toBe(0);
    const messages = (await output)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id?: number });
    expect(messages.map(({ id }) => id)).toEqual([1, 2]);
  });
});
