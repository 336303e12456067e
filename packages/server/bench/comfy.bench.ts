/** What the ComfyUI engine costs beside a fake ComfyUI that takes 200 ms a prompt, and what more servers bring. */
import type { ComfyEngine } from '../src/engines/comfy/comfy-engine.ts';
import { FakeComfy } from '../test/fake-comfy/fake-comfy.ts';
import { bytesOf, Desk, engineFor, frame, plainFamily, until } from '../test/fake-comfy/fake-frames.ts';
import { ms, percentile } from './measure.ts';

const FRAMES = 32;
const PROMPT_MS = 200;
/** The pauses of the product, not those of the tests. */
const REAL_PAUSES = {
  pollMs: 5_000,
  quickPollMs: 1_000,
  secondPollMs: 400,
  reconnectMs: 250,
  slotCheckMs: 5_000,
  goneMs: 10_000,
};

let seed = 0;

export async function run(print: (line: string) => void): Promise<void> {
  const rounds = [await besideStraight(), await besideStraight(), await besideStraight()] as const;
  const [, middle = rounds[0]] = rounds.toSorted((a, b) => a.ratio - b.ratio);
  const { straightMs, engineMs, delays } = middle;
  const ratio = (engineMs / straightMs).toFixed(3);
  print(
    `${FRAMES} frames ÷ ${FRAMES} prompts posted straight: ${ms(engineMs)} ÷ ${ms(straightMs)} = ${ratio}`,
  );
  print(`server done → picture here: p50 ${ms(percentile(delays, 50))}, p99 ${ms(percentile(delays, 99))}`);
  const alone = await batchMs(1);
  for (const servers of [2, 4]) {
    const together = await batchMs(servers);
    print(`${servers} servers: ${ms(together)}, ${(alone / together).toFixed(2)} × one`);
  }
  for (const paces of [
    [100, 200, 400],
    [100, 1_000],
  ])
    print(await unequalServers(paces));
}

/** A batch over servers of different speed beside the shortest time in which its prompts can be done. */
async function unequalServers(paces: number[]): Promise<string> {
  const fakes = await Promise.all(
    paces.map((promptMs) => FakeComfy.start({ faults: { promptMs, previews: false } })),
  );
  const engine = await ready(fakes);
  try {
    // Each server paints two pictures first, so that its pace is known.
    await batch(engine, fakes, 4 * paces.length);
    const { tookMs } = await batch(engine, fakes, FRAMES);
    const best = shortestMs(paces, FRAMES);
    return `servers of ${paces.join(', ')} ms, ${FRAMES} frames ÷ the ideal schedule: ${ms(tookMs)} ÷ ${ms(best)} = ${(tookMs / best).toFixed(3)}`;
  } finally {
    await engine.close();
    await Promise.all(fakes.map((fake) => fake.close()));
  }
}

/** Each next frame where it is done first: the least for frames that take equally long on a server. */
function shortestMs(paces: number[], frames: number): number {
  const done = paces.map(() => 0);
  for (let frame = 0; frame < frames; frame += 1) {
    const next = done.map((doneMs, at) => doneMs + (paces[at] ?? 0));
    const at = next.indexOf(Math.min(...next));
    done[at] = next[at] ?? 0;
  }
  return Math.max(...done);
}

async function besideStraight() {
  const fake = await FakeComfy.start({ faults: { promptMs: PROMPT_MS, previews: false } });
  const engine = await ready([fake]);
  try {
    const straightMs = await postedStraight(fake);
    const { tookMs, delays } = await batch(engine, [fake]);
    return { straightMs, engineMs: tookMs, delays, ratio: tookMs / straightMs };
  } finally {
    await engine.close();
    await fake.close();
  }
}

async function batchMs(servers: number): Promise<number> {
  const start = () => FakeComfy.start({ faults: { promptMs: PROMPT_MS, previews: false } });
  const fakes = await Promise.all(Array.from({ length: servers }, start));
  const engine = await ready(fakes);
  try {
    return (await batch(engine, fakes)).tookMs;
  } finally {
    await engine.close();
    await Promise.all(fakes.map((fake) => fake.close()));
  }
}

async function ready(fakes: FakeComfy[]): Promise<ComfyEngine> {
  const engine = engineFor(fakes, { timing: REAL_PAUSES });
  await until(() => engine.slots() === 2 * fakes.length);
  return engine;
}

/** All prompts at once, and nothing fetched: the least it can take. */
async function postedStraight(fake: FakeComfy): Promise<number> {
  const since = performance.now();
  const post = async () => {
    const promptId = crypto.randomUUID();
    const { graph } = plainFamily.build(frame({ seed: seed++ }), new Map(), { nodes: new Map() });
    const body = JSON.stringify({ prompt: graph, prompt_id: promptId, client_id: 'straight' });
    await fetch(`${fake.url}/prompt`, { method: 'POST', body }).then((answer) => answer.text());
    return promptId;
  };
  const ids = await Promise.all(Array.from({ length: FRAMES }, post));
  await until(() => ids.every((id) => fake.queue.doneAt.has(id)));
  return performance.now() - since;
}

/** As a worker runs a task: as many frames at once as the engine has slots. */
async function batch(engine: ComfyEngine, fakes: FakeComfy[], frames = FRAMES) {
  const delays: number[] = [];
  let next = 0;
  const since = performance.now();
  const running = new Set<Promise<void>>();
  const paint = async () => {
    const desk = new Desk({ frame: next++ });
    await bytesOf((await engine.run(frame({ seed: seed++ }), desk))[0]);
    const done = fakes.map((fake) => fake.queue.doneAt.get(desk.promptId)).find((at) => at !== undefined);
    delays.push(performance.now() - (done ?? Number.NaN));
  };
  while (next < frames || running.size > 0) {
    while (next < frames && running.size < engine.slots()) {
      const one = paint().finally(() => running.delete(one));
      running.add(one);
    }
    await Promise.race(running);
  }
  return { tookMs: performance.now() - since, delays };
}
