/**
 * A thousand sockets that follow all tasks, over one server and then over two, on one Postgres and one Redis; a worker paints.
 * How long after its engine speaks does the last of them hear it, and does each hear all changes of state, once.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { createClient, isFinal, type TaskEvent } from '@limner/contract';
import WebSocket from 'ws';
import { costsEach, costsSoFar } from './costs.ts';
import { Fleet, Ground } from './fleet.ts';
import { ms, percentile, timedAll } from './measure.ts';
import { residentBytes } from './server-process.ts';

const SOCKETS = Number(process.env.BENCH_SOCKETS ?? 1000);
const OPENED_AT_ONCE = 20;
const TASKS = 4;
const PATIENCE_MS = 120_000;

export async function run(print: (line: string) => void): Promise<void> {
  const ground = await Ground.open();
  if (ground === null) return print('not measured: it needs PostgreSQL and redis-server');
  try {
    const alone = await measured(ground, 1, print);
    const both = await measured(ground, 2, print);
    print(`until the last socket: two servers ÷ one ${(both / alone).toFixed(2)}`);
  } finally {
    await ground.close();
  }
}

/** How sockets heard of one step of a task. */
interface Step {
  heard: number;
  lastMs: number;
}

/** The median of the ms until the last socket has heard. */
async function measured(ground: Ground, serves: number, print: (line: string) => void): Promise<number> {
  const steps = new Map<number, Step>();
  let spoken: [number, number][] = [];
  const fleet = await Fleet.start(ground, { serves, workers: 1 }, (line) => {
    const [word, step, at] = line.split(' ');
    if (word === 'spoke') spoken.push([Number(step), Number(at)]);
  });
  const followers: Follower[] = [];
  try {
    const idleBytes = fleet.serves.map(({ pid }) => residentBytes(pid));
    await timedAll(SOCKETS, OPENED_AT_ONCE, async (n) => {
      followers.push(await Follower.open(fleet.urls[n % serves] ?? '', steps));
    });
    const bytes = fleet.serves.reduce((sum, { pid }, n) => sum + residentBytes(pid) - (idleBytes[n] ?? 0), 0);
    const client = createClient({ baseUrl: fleet.urls[0] ?? '' });
    const delaysMs: number[] = [];
    const tasks: number[] = [];
    const before = await costsSoFar(ground, fleet);
    for (let n = 0; n < TASKS; n += 1) {
      spoken = [];
      steps.clear();
      const { id } = await client.call('generate', { body: { prompt: 'steps', family: 'scripted' } });
      tasks.push(id);
      for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await pause(50))
        if (followers.every((follower) => follower.hasEnded(id))) break;
      for (const [step, at] of spoken) {
        const { heard = 0, lastMs = 0 } = steps.get(step) ?? {};
        // Steps that were merged into later ones reach nobody.
        if (heard === SOCKETS) delaysMs.push(lastMs - at);
      }
    }
    const costs = costsEach(before, await costsSoFar(ground, fleet), 1);
    const messages = followers.reduce((sum, follower) => sum + follower.messages, 0);
    const endings = followers.map((follower) => tasks.filter((id) => follower.hasEnded(id)).length);
    const changes = followers.map((follower) => follower.changes.size);
    print(
      `${serves} ${serves === 1 ? 'server' : 'servers'}, ${SOCKETS} sockets, ${TASKS} tasks: ${endings.filter((count) => count === TASKS).length} sockets heard all ends; changes of state per socket ${Math.min(...changes)} to ${Math.max(...changes)}; heard twice ${followers.reduce((sum, { twice }) => sum + twice, 0)}; out of order ${followers.reduce((sum, { backwards }) => sum + backwards, 0)}`,
    );
    print(
      `  from the engine to the last socket p50 ${ms(percentile(delaysMs, 50))}, p95 ${ms(percentile(delaysMs, 95))} (${delaysMs.length} steps); ${(bytes / SOCKETS / 1000).toFixed(1)} kB of memory per socket`,
    );
    print(
      `  ${Math.round(messages / SOCKETS / TASKS)} messages per task and socket; CPU of servers ${((costs.servesCpuMs / messages) * 1000).toFixed(0)} µs per message`,
    );
    return percentile(delaysMs, 50);
  } finally {
    for (const follower of followers) follower.close();
    await fleet.close();
  }
}

class Follower {
  /** Of tasks and their frames. */
  readonly changes = new Set<string>();
  messages = 0;
  twice = 0;
  backwards = 0;
  readonly #socket: WebSocket;
  readonly #ended = new Set<number>();
  readonly #versions = new Map<number, number>();
  readonly #heard = new Set<string>();
  readonly #steps: Map<number, Step>;

  private constructor(socket: WebSocket, steps: Map<number, Step>) {
    this.#socket = socket;
    this.#steps = steps;
  }

  static async open(url: string, steps: Map<number, Step>): Promise<Follower> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`);
    const follower = new Follower(socket, steps);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    await new Promise<void>((resolve) => {
      socket.on('message', (data) => {
        const message = JSON.parse(String(data)) as TaskEvent | { type: 'subscribed' };
        if ('version' in message && 'kind' in message) follower.#hear(message);
        else resolve();
      });
      // Tasks that ended before are not sent again.
      socket.send(JSON.stringify({ type: 'subscribe', tasks: 'all' }));
    });
    follower.#forget();
    return follower;
  }

  hasEnded(task: number): boolean {
    return this.#ended.has(task);
  }

  close(): void {
    this.#socket.terminate();
  }

  /** What is sent at the subscription is a state, not news. */
  #forget(): void {
    this.messages = 0;
    this.changes.clear();
    this.#heard.clear();
  }

  #hear(event: TaskEvent): void {
    const { id, version, status, frame_progress: progress } = event;
    this.messages += 1;
    const key = `${id} ${version} ${status} ${progress}`;
    if (this.#heard.has(key)) this.twice += 1;
    this.#heard.add(key);
    if (version < (this.#versions.get(id) ?? 0)) this.backwards += 1;
    this.#versions.set(id, version);
    this.changes.add(`${id} ${status}`);
    if (isFinal(status)) this.#ended.add(id);
    if (progress === null || status !== 'running') return;
    const step = this.#steps.get(progress) ?? { heard: 0, lastMs: 0 };
    step.heard += 1;
    step.lastMs = performance.timeOrigin + performance.now();
    this.#steps.set(progress, step);
  }
}
