/** After a crash of Limner a frame is picked up where its ticket says it is. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ComfyEngine } from '../src/engines/comfy/comfy-engine.ts';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { bytesOf, Desk, engineFor, frame, until } from './fake-comfy/fake-frames.ts';

let fakes: FakeComfy[];
let engine: ComfyEngine;

beforeEach(async () => {
  fakes = [
    await FakeComfy.start({ faults: { promptMs: 80 } }),
    await FakeComfy.start({ faults: { promptMs: 80 } }),
  ];
  engine = engineFor(fakes);
});

afterEach(async () => {
  await engine.close();
  await Promise.all(fakes.map((fake) => fake.close()));
});

const executed = (): readonly string[] => fakes.flatMap((fake) => fake.executed);

/** A frame was sent, then Limner died: nothing of it is left but the ticket. */
async function crashed(): Promise<Desk> {
  const desk = new Desk();
  const run = engine.run(frame(), desk).catch(() => {});
  await until(() => executed().length === 1);
  await engine.close();
  await run;
  engine = engineFor(fakes);
  return desk;
}

const home = (): FakeComfy => fakes.find((fake) => fake.executed.length > 0) as FakeComfy;

describe('a frame with a ticket', () => {
  it('that still runs is followed', async () => {
    const desk = await crashed();
    const outputs = await engine.run(frame(), new Desk({ ticket: desk.ticket }));
    expect((await bytesOf(outputs[0])).length).toBeGreaterThan(0);
    expect(executed()).toEqual([desk.promptId]);
  });

  it('that has finished meanwhile is collected', async () => {
    const desk = await crashed();
    await until(() => home().queue.remaining === 0);
    const [output] = await engine.run(frame(), new Desk({ ticket: desk.ticket }));
    expect((await bytesOf(output)).length).toBeGreaterThan(0);
    expect(fakes.map((fake) => fake.count('POST /prompt')).reduce((a, b) => a + b)).toBe(1);
  });

  it('that the server does not know is sent again, once', async () => {
    const desk = await crashed();
    const server = home();
    await server.crash();
    await server.restart();
    const next = new Desk({ ticket: desk.ticket });
    const [output] = await engine.run(frame(), next);
    expect((await bytesOf(output)).length).toBeGreaterThan(0);
    expect(next.promptId).not.toBe(desk.promptId);
    expect(executed()).toEqual([desk.promptId, next.promptId]);
  });

  it('that failed there is sent again', async () => {
    for (const fake of fakes) fake.faults.outOfMemoryAt = [1];
    const desk = new Desk();
    await expect(engine.run(frame(), desk)).rejects.toMatchObject({ code: 'out_of_memory' });
    for (const fake of fakes) fake.faults.outOfMemoryAt = [];
    const [output] = await engine.run(frame(), new Desk({ ticket: desk.ticket }));
    expect((await bytesOf(output)).length).toBeGreaterThan(0);
  });

  it('whose server is away goes to another one', async () => {
    const desk = await crashed();
    await home().crash();
    const next = new Desk({ ticket: desk.ticket });
    const [output] = await engine.run(frame(), next);
    expect((await bytesOf(output)).length).toBeGreaterThan(0);
    expect(new Set(executed()).size).toBe(2);
  });

  it('of a server that was removed is sent again', async () => {
    const desk = await crashed();
    for (const { id } of engine.servers()) if (desk.ticket?.includes(id)) engine.removeServer(id);
    const [output] = await engine.run(frame(), new Desk({ ticket: desk.ticket }));
    expect((await bytesOf(output)).length).toBeGreaterThan(0);
  });

  it('that is cancelled before it is resumed is stopped there', async () => {
    for (const fake of fakes) fake.faults.hang = true;
    const desk = await crashed();
    const next = new Desk({ ticket: desk.ticket });
    const run = engine.run(frame(), next);
    next.abort.abort('cancelled');
    await expect(run).rejects.toBe('cancelled');
    await until(() => home().queue.remaining === 0);
    expect(home().queue.history.get(desk.promptId)).toMatchObject({ status: { status_str: 'error' } });
    expect(executed()).toEqual([desk.promptId]);
  });

  it('that no run will resume is stopped there', async () => {
    for (const fake of fakes) fake.faults.hang = true;
    const desk = await crashed();
    engine.abandon(desk.ticket ?? '');
    await until(() => home().queue.remaining === 0);
    expect(home().queue.history.get(desk.promptId)).toMatchObject({ status: { status_str: 'error' } });
    engine.abandon('of another engine');
  });

  it('that is unreadable counts as none', async () => {
    const [output] = await engine.run(frame(), new Desk({ ticket: '{"server":' }));
    expect((await bytesOf(output)).length).toBeGreaterThan(0);
  });
});
