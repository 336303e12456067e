/** Five hundred sockets that all follow one running task: how long after its engine speaks does each of them hear it. */
import { setTimeout as pause } from 'node:timers/promises';
import type { TaskEvent } from '@limner/contract';
import WebSocket from 'ws';
import { ScriptedEngine, tinyPng } from '../test/scripted-engine.ts';
import { startStudio } from '../test/start-studio.ts';
import { ms, percentile } from './measure.ts';

const CLIENTS = 500;
const STEPS = 20;
const STEP_MS = 150;

export async function run(print: (line: string) => void): Promise<void> {
  const spokenAt = new Map<number, number>();
  const engine = new ScriptedEngine(async (_, { progress }) => {
    for (let step = 1; step <= STEPS; step += 1) {
      await pause(STEP_MS);
      spokenAt.set(step / STEPS, performance.now());
      progress(step / STEPS);
    }
    return tinyPng;
  });
  const studio = await startStudio({ engines: [engine], environ: { RATE_LIMIT_PER_MINUTE: '1000000' } });
  const delays: number[] = [];
  const sockets = await Promise.all(
    Array.from({ length: CLIENTS }, () => follow(studio.url, (event) => hear(event, spokenAt, delays))),
  );
  const before = process.memoryUsage().rss;
  try {
    const { id } = await studio.client.call('generate', {
      body: { prompt: 'a red dragon', family: 'scripted' },
    });
    await studio.ended(id, 60_000);
    await pause(300);
    print(
      `${CLIENTS} clients, ${delays.length} progress messages: delay p50 ${ms(percentile(delays, 50))}, p99 ${ms(percentile(delays, 99))}`,
    );
    print(
      `${((delays.length / CLIENTS / STEPS) * 100).toFixed(0)} % of the steps reached each client (the rest was merged into later ones); ${Math.round((process.memoryUsage().rss - before) / 1e6)} MB more memory`,
    );
  } finally {
    for (const socket of sockets) socket.terminate();
    await studio.close();
  }
}

function hear(event: TaskEvent, spokenAt: Map<number, number>, delays: number[]): void {
  const spoken = event.frame_progress === null ? undefined : spokenAt.get(event.frame_progress);
  if (spoken !== undefined && event.status === 'running') delays.push(performance.now() - spoken);
}

async function follow(url: string, listener: (event: TaskEvent) => void): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as TaskEvent;
    if ('version' in message && 'kind' in message) listener(message);
  });
  const subscribed = new Promise((resolve) => socket.once('message', resolve));
  socket.send(JSON.stringify({ type: 'subscribe', tasks: 'all' }));
  await subscribed;
  return socket;
}
