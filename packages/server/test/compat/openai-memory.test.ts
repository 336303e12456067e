/** What a waiting request keeps: the clients are in another process, so that only the server's memory is counted. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import sharp from 'sharp';
import { expect, it, onTestFinished } from 'vitest';
import { untilAborted } from '../scripted-engine.ts';
import { startStudio } from '../start-studio.ts';
import { OpenAiEngine } from './openai-engine.ts';

/** Enough that the code of the server is compiled before the first measure. */
const FIRST_CLIENTS = 200;
const CLIENTS = 300;
const LIMIT_BYTES = 20 * 1024;

/** Sends a body so many times and never reads the end of the answers. */
const CLIENT = `
const http = require('node:http');
const [url, count] = process.argv.slice(1);
let body = '';
process.stdin.on('data', (data) => { body += data; }).on('end', () => {
  for (let sent = 0; sent < Number(count); sent += 1)
    http.request(url, { method: 'POST', agent: false, headers: { 'content-type': 'application/json' } })
      .on('error', () => {}).end(body);
});
`;

it('keeps little while it waits, however large its body was', async () => {
  const engine = new OpenAiEngine((_, { signal }) => untilAborted(signal));
  const studio = await startStudio({ engines: [engine], environ: { RATE_LIMIT_PER_MINUTE: '100000' } });
  onTestFinished(() => studio.close());
  const noise = await sharp({
    create: {
      width: 200,
      height: 200,
      channels: 3,
      background: 'grey',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .png()
    .toBuffer();
  const image_url = `data:image/png;base64,${noise.toString('base64')}`;
  const body = JSON.stringify({ prompt: 'waits', images: [{ image_url }] });
  expect(body.length).toBeGreaterThan(5 * LIMIT_BYTES);

  const send = (count: number) => {
    const client = spawn(process.execPath, ['-e', CLIENT, `${studio.url}/v1/images/edits`, String(count)]);
    client.stdin.end(body);
    onTestFinished(async () => {
      client.kill();
      await once(client, 'close');
    });
  };
  const waiting = async () => {
    const { queued, running } = await studio.studio.tasks.counts();
    return queued + running;
  };
  send(FIRST_CLIENTS);
  await expect.poll(waiting, { timeout: 30_000 }).toBe(FIRST_CLIENTS);
  const before = await usedBytes();
  send(CLIENTS);
  await expect.poll(waiting, { timeout: 60_000 }).toBe(FIRST_CLIENTS + CLIENTS);
  const perRequest = async () => ((await usedBytes()) - before) / CLIENTS;
  // Some of what is no longer needed is collected later.
  await expect.poll(perRequest, { timeout: 30_000, interval: 200 }).toBeLessThan(LIMIT_BYTES);
}, 120_000);

/** After what is no longer needed is gone. */
async function usedBytes(): Promise<number> {
  setFlagsFromString('--expose_gc');
  const gc = runInNewContext('gc') as () => void;
  for (let round = 0; round < 5; round += 1) {
    gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
