/** Requests that a client repeats at another process of the same database: one task, whoever answers. */
import type { AddressInfo } from 'node:net';
import { GenerateRequest, OWNER } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createServer } from '../src/http/server.ts';
import { forgetRequests, REPEATED_WITHIN_MS, RepeatedRequests } from '../src/tasks/repeated-requests.ts';
import { requestedGeneration } from '../src/tasks/requested-task.ts';
import { OpenAiEngine, pictureOf } from './compat/openai-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';
import { testDialects } from './test-database.ts';

const SOON = { timeout: 20_000 };

describe.each(await testDialects())('a request that is repeated, on %s', (name, dialect) => {
  let studio: TestStudio;
  let other: FastifyInstance;
  let release: () => void;
  /** Of each process. */
  let here: string;
  let there: string;
  /** Answers of this process's releases. */
  let releases: boolean[];

  beforeEach(async () => {
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const engine = new OpenAiEngine(async (frame, { signal }) => {
      const aborted = new Promise<never>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
      );
      await Promise.race([released, aborted]);
      return pictureOf(frame);
    });
    studio = await startStudio({ engines: [engine], dialect });
    const { db, tasks, newTasks } = studio.studio;
    const requests = new RepeatedRequests({ db, holder: 'another process', tasks, newTasks });
    other = await createServer({ ...studio.studio, requests });
    await other.listen({ host: '127.0.0.1', port: 0 });
    const { creator } = studio.studio.requests;
    releases = [];
    vi.spyOn(studio.studio.requests, 'creator').mockImplementation((key) => {
      const own = creator.call(studio.studio.requests, key);
      const release = async (task: number) => {
        const isReleased = await own.release(task);
        releases.push(isReleased);
        return isReleased;
      };
      return { ...own, release };
    });
    here = studio.url;
    there = `http://127.0.0.1:${(other.server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    release();
    await other?.close();
    await studio.close();
  });

  const post = (
    url: string,
    body: unknown,
    headers: Record<string, string>,
    signal: AbortSignal | null = null,
  ) =>
    fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
      signal,
    });
  // biome-ignore lint/suspicious/noExplicitAny: a stranger's client knows no types
  const json = async (answer: Response): Promise<any> => answer.json();
  const paint = (at: string, tried: number, signal?: AbortSignal) =>
    post(
      `${at}/v1/images/generations`,
      { prompt: 'a red dragon' },
      { 'x-stainless-retry-count': `${tried}` },
      signal,
    );
  const tasks = () => studio.client.call('listTasks', { query: {} });
  const isRunning = () => expect.poll(async () => (await tasks())[0]?.status, SOON).toBe('running');
  /** Without the request. */
  const holder = async () =>
    (await studio.studio.db.read.selectFrom('request_keys').select('holder').execute()).map(
      (row) => row.holder.split('/')[0],
    );
  const left = (answer: Promise<Response>) => answer.catch(() => 'left');

  it('joins its task at another process, which the first one then leaves alone', async () => {
    const leaving = new AbortController();
    const first = left(paint(here, 0, leaving.signal));
    await isRunning();
    const retry = paint(there, 1);
    await expect.poll(holder, SOON).toEqual(['another process']);
    leaving.abort();
    expect(await first).toBe('left');
    await expect.poll(() => releases, SOON).toEqual([false]);
    release();
    const answer = await retry;
    expect(answer.status).toBe(200);
    expect((await json(answer)).data).toHaveLength(1);
    expect((await tasks()).map(({ status }) => status)).toEqual(['completed']);
  });

  it('joins its task in the process that is about to give it up, which then keeps it', async () => {
    const requested = requestedGeneration(GenerateRequest.parse({ prompt: 'a key', family: 'painting' }));
    const key = { key: 'k', content: 'c', joins: true };
    const { requests } = studio.studio;
    const [first, second] = [requests.creator(key), requests.creator(key)];
    const { id } = await first.create(OWNER, requested);
    expect((await second.create(OWNER, requested)).id).toBe(id);
    expect([await first.release(id), await second.release(id)]).toEqual([false, true]);
  });

  it('is new where its task is given up at the same moment', async () => {
    const requested = requestedGeneration(GenerateRequest.parse({ prompt: 'a key', family: 'painting' }));
    const { db, requests } = studio.studio;
    const key = { key: 'k', content: 'c', joins: true };
    const { id } = await requests.creator(key).create(OWNER, requested);
    let commit = () => {};
    const committing = new Promise<void>((resolve) => {
      commit = resolve;
    });
    const given = db.write(async (trx) => {
      await trx.deleteFrom('request_keys').execute();
      await committing;
    });
    const repeated = requests.creator(key).create(OWNER, requested);
    // Elsewhere one writes after the other.
    if (name.startsWith('PostgreSQL')) {
      const waits = sql<{ n: number }>`select count(*)::int as n from pg_stat_activity
        where wait_event_type = 'Lock' and query like 'update "request_keys"%' and datname = current_database()`;
      await expect.poll(async () => (await waits.execute(db.read)).rows[0]?.n, SOON).toBe(1);
    }
    commit();
    await given;
    expect((await repeated).id).not.toBe(id);
    expect(await holder()).toHaveLength(1);
  });

  it.each([1, 2])('is cut out once, whichever of %s processes follow its task', async (count) => {
    const body = { prompt: 'a key', background: 'transparent' };
    const key = { 'idempotency-key': 'cut' };
    const followed = vi.spyOn(studio.studio.tasks, 'whenEnded');
    const places = [here, count === 1 ? here : there];
    const answers = places.map((at) => post(`${at}/v1/images/generations`, body, key));
    await isRunning();
    await expect.poll(() => followed.mock.calls.length, SOON).toBe(2);
    release();
    const made = await Promise.all(answers.map(async (answer) => json(await answer)));
    expect(made.map(({ data }) => data.length)).toEqual([1, 1]);
    expect((await tasks()).map(({ task_kind }) => task_kind)).toEqual(['remove_bg', 'generation']);
  });

  it('is cancelled by the process that its client left last', async () => {
    const leaving = [new AbortController(), new AbortController()] as const;
    const first = left(paint(here, 0, leaving[0].signal));
    await isRunning();
    const retry = left(paint(there, 1, leaving[1].signal));
    await expect.poll(holder, SOON).toEqual(['another process']);
    for (const one of leaving) one.abort();
    expect([await first, await retry]).toEqual(['left', 'left']);
    await expect.poll(async () => (await tasks())[0]?.status, SOON).toBe('cancelled');
    expect(await holder()).toEqual([]);
  });

  it('is new where it is no repetition, or repeats what has ended long ago', async () => {
    release();
    const ids = [];
    for (const [at, tried] of [
      [here, 0],
      [there, 0],
      [here, 1],
    ] as const)
      ids.push((await paint(at, tried)).headers.get('x-limner-task'));
    expect(ids[1]).not.toBe(ids[0]);
    expect(ids[2]).toBe(ids[0]);

    const generate = async (at: string) => {
      const body = { prompt: 'a key', family: 'painting' };
      return (await json(await post(`${at}/api/generate`, body, { 'idempotency-key': 'a1b2' }))).id;
    };
    const id = await generate(here);
    await studio.ended(id);
    expect(await generate(there)).toBe(id);
    const longAgo = Date.now() - REPEATED_WITHIN_MS - 1000;
    const { db } = studio.studio;
    await db.write((trx) => trx.updateTable('tasks').set({ completed_at: longAgo }).execute());
    expect(await generate(there)).toBe(id + 1);
    await forgetRequests(db, Date.now());
    expect(await holder()).toEqual(['another process']);
  });

  it('with a key is one task, however many come at once to whom', async () => {
    release();
    for (const [path, body, idOf] of [
      ['/api/generate', { prompt: 'one', family: 'painting' }, (made: { id: number }) => made.id],
      ['/api/v1/generation/create', { prompt: 'two' }, (made: { task_id: string }) => Number(made.task_id)],
      [
        '/v1/images/generations',
        { prompt: 'three' },
        (made: { limner: { task: number } }) => made.limner.task,
      ],
    ] as const) {
      const before = (await tasks()).length;
      const key = { 'idempotency-key': `a1b2 ${path}` };
      const answers = await Promise.all(
        [here, there, here, there].map(async (at) => (await post(at + path, body, key)).json()),
      );
      const ids = new Set(answers.map(idOf as (made: unknown) => number));
      expect([path, ids.size]).toEqual([path, 1]);
      expect(await tasks()).toHaveLength(before + 1);
      const others = await post(there + path, { ...body, prompt: 'another' }, key);
      expect([400, 422]).toContain(others.status);
      expect(JSON.stringify(await others.json())).toContain('Idempotency-Key');
    }
  });
});
