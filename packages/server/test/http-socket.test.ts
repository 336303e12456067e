import { once } from 'node:events';
import { type ServerNotice, TaskEvent, UNTOUCHED_SETTINGS } from '@limner/contract';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type Script, ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function studioWith(script?: Script): Promise<TestStudio> {
  const studio = await startStudio({ engines: [new ScriptedEngine(script, { slots: 2 })] });
  open.push(studio);
  return studio;
}

const generate = (studio: TestStudio, batch_size = 1) =>
  studio.client.call('generate', { body: { prompt: 'a red dragon', family: 'scripted', batch_size } });

/** A subscribed page, with the messages it received, in order. */
class Listener {
  readonly events: TaskEvent[] = [];
  readonly notices: ServerNotice[] = [];
  readonly socket: WebSocket;

  constructor(studio: TestStudio, query = '') {
    this.socket = new WebSocket(`${studio.url.replace('http', 'ws')}/ws${query}`);
    this.socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if ('type' in message) this.notices.push(message);
      else this.events.push(TaskEvent.parse(message));
    });
    open.push(this);
  }

  async say(message: unknown) {
    if (this.socket.readyState === WebSocket.CONNECTING) await once(this.socket, 'open');
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  async subscribe(tasks: 'all' | number[] = 'all', since?: number) {
    const before = this.notices.length;
    await this.say({ type: 'subscribe', tasks, since });
    return vi.waitFor(() => {
      const answer = this.notices.slice(before).find((notice) => notice.type === 'subscribed');
      expect(answer).toBeDefined();
      return answer;
    });
  }

  of(id: number) {
    return this.events.filter((event) => event.id === id);
  }

  ended = (id: number) => vi.waitFor(() => expect(this.of(id).at(-1)?.status).toBe('completed'));

  close() {
    this.socket.terminate();
  }
}

describe('the socket', () => {
  it('sends changes of styles, presets and wildcards only to connections that asked for them', async () => {
    const studio = await studioWith();
    const [page, program] = [new Listener(studio), new Listener(studio)];
    await page.say({ type: 'subscribe', tasks: 'all', lists: true });
    await program.subscribe();
    const { id } = await studio.client.call('createStyle', { body: { name: 'Ember' } });
    await studio.client.call('updateStyle', { params: { id }, body: { name: 'Ash' } });
    await studio.client.call('deleteStyle', { params: { id } });
    const { id: preset } = await studio.client.call('createPreset', {
      body: { name: 'Icons', settings: UNTOUCHED_SETTINGS },
    });
    await studio.client.call('deletePreset', { params: { id: preset } });
    await studio.client.call('putWildcard', { body: { name: 'animal', text: 'fox' } });
    await studio.client.call('deleteWildcard', { query: { name: 'animal' } });
    const changed = (from: Listener) =>
      from.notices.flatMap((notice) => (notice.type === 'changed' ? notice.list : []));
    await vi.waitFor(() =>
      expect(changed(page)).toEqual([
        ...['styles', 'styles', 'styles', 'presets', 'presets'],
        ...['wildcards', 'wildcards'],
      ]),
    );
    await program.say({ type: 'ping' });
    await vi.waitFor(() => expect(program.notices.at(-1)?.type).toBe('pong'));
    expect(changed(program)).toEqual([]);
  });

  it('sends every change of a task, with versions that never decrease', async () => {
    const studio = await studioWith();
    const page = new Listener(studio);
    await page.subscribe();
    const { id } = await generate(studio, 3);
    await page.ended(id);
    const events = page.of(id);
    const versions = events.map((event) => event.version);
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(events.at(-1)).toMatchObject({ kind: 'generation', progress: 1, total_frames: 3, error: null });
    expect(events.at(-1)?.output_paths).toHaveLength(3);
    const finished = events.flatMap((event) => event.frames).filter((frame) => frame.status === 'completed');
    expect(new Set(finished.map((frame) => frame.index))).toEqual(new Set([0, 1, 2]));
  });

  it('sends only the requested tasks, until they are unsubscribed', async () => {
    const studio = await studioWith();
    const first = await generate(studio);
    await studio.ended(first.id);
    const page = new Listener(studio);
    await page.subscribe([first.id]);
    const everything = new Listener(studio);
    await everything.subscribe();
    const second = await generate(studio);
    await everything.ended(second.id);
    expect(page.of(second.id)).toEqual([]);
    await everything.say({ type: 'unsubscribe', tasks: 'all' });
    await everything.say({ type: 'ping' });
    await vi.waitFor(() => expect(everything.notices.at(-1)).toEqual({ type: 'pong' }));
    const third = await generate(studio);
    await studio.ended(third.id);
    expect(everything.of(third.id)).toEqual([]);
  });

  it('catches up with what happened while a page was away', async () => {
    const studio = await studioWith();
    const page = new Listener(studio);
    await page.subscribe();
    const first = await generate(studio);
    await page.ended(first.id);
    const since = Math.max(...page.events.map((event) => event.version));
    page.close();
    const missed = await generate(studio, 2);
    await studio.ended(missed.id);
    const again = new Listener(studio);
    await again.subscribe('all', since);
    const [event] = again.of(missed.id);
    expect(event).toMatchObject({ status: 'completed' });
    expect(event?.frames).toHaveLength(2);
  });

  it('catches up with what happened after the clock was set back by an hour', async () => {
    const studio = await studioWith();
    const page = new Listener(studio);
    await page.subscribe();
    const first = await generate(studio);
    await page.ended(first.id);
    const since = Math.max(...page.events.map((event) => event.version));
    page.close();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3_600_000 });
    try {
      const missed = await generate(studio);
      expect((await studio.ended(missed.id)).version).toBeGreaterThan(since);
      const again = new Listener(studio);
      await again.subscribe('all', since);
      expect(again.of(missed.id)[0]).toMatchObject({ status: 'completed' });
      await studio.client.call('starOutputs', { body: { tasks: [first.id], starred: true } });
      await vi.waitFor(() => expect(again.of(first.id).at(-1)).toMatchObject({ stars: 1 }));
      expect(again.of(first.id).at(-1)?.version).toBeGreaterThan(since);
    } finally {
      vi.useRealTimers();
    }
  });

  it('leaves no gap between what was and what is, however busy it is', async () => {
    const studio = await studioWith();
    const made: number[] = [];
    const working = (async () => {
      for (let i = 0; i < 30; i++) made.push((await generate(studio)).id);
    })();
    const pages = await Promise.all(
      Array.from({ length: 5 }, async (_, i) => {
        await new Promise((resolve) => setTimeout(resolve, i * 15));
        const page = new Listener(studio);
        await page.subscribe('all', 0);
        return page;
      }),
    );
    await working;
    for (const page of pages) for (const id of made) await page.ended(id);
    for (const id of made) {
      const versions = pages[4]?.of(id).map((event) => event.version) ?? [];
      expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    }
  });

  it('sends progress ten times a second at most and the end at once', async () => {
    const steps = 200;
    const studio = await studioWith(async (_frame, context) => {
      for (let step = 1; step <= steps; step++) {
        context.progress(step / steps);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      return tinyPng;
    });
    const page = new Listener(studio);
    await page.subscribe();
    const startedMs = Date.now();
    const { id } = await generate(studio);
    await page.ended(id);
    const tenths = (Date.now() - startedMs) / 100;
    const progress = page.of(id).filter((event) => event.status === 'running');
    expect(progress.length).toBeGreaterThan(2);
    // Beside progress: running, the frame's begin and its end.
    expect(progress.length).toBeLessThanOrEqual(tenths + 5);
  });

  it('sends errors in the language of the page', async () => {
    const studio = await studioWith(() => null);
    const [english, chinese] = [new Listener(studio), new Listener(studio, '?lang=zh')];
    await Promise.all([english.subscribe(), chinese.subscribe()]);
    const { id } = await generate(studio);
    const failed = (page: Listener) =>
      vi.waitFor(() => {
        const event = page.of(id).at(-1);
        expect(event?.status).toBe('failed');
        return event?.error?.message;
      });
    expect(await failed(english)).toMatch(/[a-z]/i);
    expect(await failed(chinese)).toMatch(/[\u4e00-\u9fff]/);
  });

  it('sends that a task was deleted', async () => {
    const studio = await studioWith();
    const page = new Listener(studio);
    await page.subscribe();
    const { id } = await generate(studio);
    await page.ended(id);
    await studio.client.call('deleteTask', { params: { id } });
    await vi.waitFor(() => expect(page.of(id).at(-1)).toMatchObject({ deleted: true }));
  });
});

describe('a message the socket does not understand', () => {
  it.each([
    ['{"type":', 'message'],
    ['"hello"', 'message'],
    ['{"type":"dance"}', 'type'],
    ['{"type":"subscribe"}', 'tasks'],
    ['{"type":"subscribe","tasks":[0]}', 'tasks.0'],
    ['{"type":"ping","x":1}', 'x'],
  ])('%s is answered with what is wrong, and the socket stays', async (message, field) => {
    const studio = await studioWith();
    const page = new Listener(studio);
    await page.say(message);
    await vi.waitFor(() => expect(page.notices).toHaveLength(1));
    const sentence = expect.stringMatching(/^\S+: \w/);
    expect(page.notices[0]).toMatchObject({
      type: 'error',
      error: { code: 'invalid_request', field, message: sentence },
    });
    await page.say({ type: 'ping' });
    await vi.waitFor(() => expect(page.notices.at(-1)).toEqual({ type: 'pong' }));
  });

  it('ends the connection when it is too long', async () => {
    const studio = await studioWith();
    const page = new Listener(studio);
    page.socket.on('error', () => {});
    await page.say('x'.repeat(100_000));
    const [code] = await once(page.socket, 'close');
    expect(code).toBe(1009);
  });
});

describe('a request that is no handshake', () => {
  it('answers what the address is for', async () => {
    const studio = await studioWith();
    const response = await fetch(`${studio.url}/ws`);
    expect(response.headers.get('upgrade')).toBe('websocket');
    expect(await response.json()).toMatchObject({ error: { message: 'This route accepts a WebSocket.' } });
  });
});

describe('a studio that stops', () => {
  it('says good-bye to its sockets', async () => {
    const studio = await studioWith();
    const page = new Listener(studio);
    await page.subscribe();
    open.splice(open.indexOf(studio), 1);
    const closed = once(page.socket, 'close');
    await studio.close();
    expect((await closed)[0]).toBe(1001);
  });

  it('does not wait for a refused handshake to be hung up', async () => {
    const studio = await studioWith();
    const refused = new WebSocket(`${studio.url.replace('http', 'ws')}/ws`, {
      origin: 'https://evil.example',
    });
    const [, response] = await once(refused, 'unexpected-response');
    expect(response.statusCode).toBe(403);
    open.splice(open.indexOf(studio), 1);
    await studio.close();
  });
});
