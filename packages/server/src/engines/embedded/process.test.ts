import { fork } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { COMPOSE } from '../starter/jobs.ts';
import { EmbeddedProcess } from './process.ts';
import { bundledChild } from './testing.ts';

let entry = '';
let embedded: EmbeddedProcess;

beforeAll(async () => {
  entry = await bundledChild('testing-child.ts');
}, 30_000);

afterEach(() => embedded.close());

const start = (options: { idleMs?: number; abortGraceMs?: number } = {}) => {
  embedded = new EmbeddedProcess({ entry, ...options });
};

function ask(prompt: string, signal = new AbortController().signal, hooks = {}) {
  const ctx = { signal, progress: () => {}, preview: () => {}, ...hooks };
  return embedded.run(COMPOSE, { prompt, seed: 1, width: 64, height: 64 }, ctx);
}

/** Resolves when the child has received the job. */
async function begun(prompt: string, signal?: AbortSignal) {
  let job: ReturnType<typeof ask> | undefined;
  await new Promise<void>((resolve) => {
    job = ask(prompt, signal, { progress: () => resolve() });
    job.catch(() => {});
  });
  return { job: job as ReturnType<typeof ask> };
}

describe('the embedded process', () => {
  it('starts with the first job and hands back bytes, progress and previews', async () => {
    start();
    expect(embedded.pid).toBeUndefined();
    const [progress, preview] = [vi.fn(), vi.fn()];
    const { png, details } = await ask('a picture', undefined, { progress, preview });
    expect(Buffer.isBuffer(png)).toBe(true);
    expect(png.toString()).toBe('a picture');
    expect(details.pid).toBe(embedded.pid);
    expect(progress).toHaveBeenCalledWith(0.5);
    expect(Buffer.from(preview.mock.calls[0]?.[0]).toString()).toBe('half');
  });

  it('passes a refusal through with its code and field, and names what broke', async () => {
    start();
    await expect(ask('refuse')).rejects.toMatchObject({
      code: 'nothing_recognised',
      field: 'prompt',
      data: { words: ['refuse'] },
    });
    await expect(ask('break')).rejects.toMatchObject({
      code: 'engine_failed',
      data: { reason: 'a plain mistake' },
    });
  });

  it('fails the job that crashed it and serves the next from a fresh child', async () => {
    start();
    const first = (await ask('one')).details.pid;
    await expect(ask('crash')).rejects.toMatchObject({ code: 'engine_died' });
    expect((await ask('two')).details.pid).not.toBe(first);
  });

  it('says out of memory when the system killed it', async () => {
    start();
    await expect(ask('killed')).rejects.toMatchObject({ code: 'out_of_memory' });
  });

  it('stops a job that listens without ending the child', async () => {
    start();
    const abort = new AbortController();
    const { job } = await begun('wait', abort.signal);
    const pid = embedded.pid;
    abort.abort(new Error('cancelled by the user'));
    await expect(job).rejects.toThrow('cancelled by the user');
    expect((await ask('next')).details.pid).toBe(pid);
  });

  it('kills a job that does not listen, and begins its neighbour again', async () => {
    start({ abortGraceMs: 50 });
    const neighbour = await begun('a moment');
    const abort = new AbortController();
    const stuck = await begun('busy loop', abort.signal);
    const pid = embedded.pid;
    abort.abort(new Error('cancelled'));
    await expect(stuck.job).rejects.toThrow('cancelled');
    const { png, details } = await neighbour.job;
    expect(png.toString()).toBe('a moment');
    expect(details.pid).not.toBe(pid);
  });

  it('forgets a waiting job that is aborted before its turn', async () => {
    start();
    const abort = new AbortController();
    const last = new AbortController();
    for (let i = 0; i < embedded.slots; i++) await begun('wait', last.signal);
    const waiting = ask('never', abort.signal);
    abort.abort(new Error('cancelled'));
    await expect(waiting).rejects.toThrow('cancelled');
    expect(embedded.queued).toBe(0);
    last.abort();
  });

  it('ends the child after idle time and starts another when needed', async () => {
    start({ idleMs: 1 });
    const first = (await ask('one')).details.pid;
    await vi.waitFor(() => expect(embedded.pid).toBeUndefined());
    expect((await ask('two')).details.pid).not.toBe(first);
  });

  it('fails what is running with shutting_down when it closes, and takes no more', async () => {
    start();
    const { job } = await begun('wait');
    await embedded.close();
    await expect(job).rejects.toMatchObject({ code: 'shutting_down' });
    await expect(ask('late')).rejects.toMatchObject({ code: 'shutting_down' });
  });

  it('leaves no orphan when its parent is killed', async () => {
    start();
    const parentFile = join(await mkdtemp(join(tmpdir(), 'limner-')), 'parent.mjs');
    await writeFile(
      parentFile,
      `import { fork } from 'node:child_process';
       const child = fork(${JSON.stringify(entry)}, [], { serialization: 'advanced' });
       child.on('message', () => process.send(child.pid));
       child.send({ kind: 'run', id: 1, name: 'compose', job: { prompt: 'wait' } });`,
    );
    const parent = fork(parentFile, []);
    const pid = await new Promise<number>((resolve) =>
      parent.once('message', (message) => resolve(message as number)),
    );
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 5_000 });
  });
});
