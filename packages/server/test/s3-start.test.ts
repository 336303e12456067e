/** What a start with a bucket checks, and the files' addresses outside Limner. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { StartProblem } from '../src/start-problem.ts';
import { openS3 } from '../src/storage/open.ts';
import type { S3Place } from '../src/storage/s3/s3-place.ts';
import { type FakeS3, type S3Fault, startFakeS3 } from './fake-s3.ts';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { startStudio, type TestStudioOptions } from './start-studio.ts';

let s3: FakeS3;
beforeAll(async () => {
  s3 = await startFakeS3();
});
afterAll(() => s3.stop());
afterEach(() => {
  s3.fault = () => null;
});

const started = (options: TestStudioOptions) =>
  startStudio({ engines: [new ScriptedEngine(async () => tinyPng)], ...options });

const problemOf = (place: S3Place = s3.place()): Promise<StartProblem> =>
  openS3(place).then(
    () => {
      throw new Error('the bucket was accepted');
    },
    (problem) => {
      expect(problem).toBeInstanceOf(StartProblem);
      expect(problem.texts.zh).toMatch(/[一-鿿]/);
      expect(JSON.stringify(problem.texts)).not.toContain('not a secret');
      return problem;
    },
  );

const refused = async (fault: S3Fault, method?: string): Promise<string> => {
  s3.fault = (request) => (method === undefined || request.method === method ? fault : null);
  return (await problemOf()).texts.en;
};

describe('a start with a bucket', () => {
  it('leaves nothing in a bucket that works', async () => {
    const opened = await openS3(s3.place());
    for await (const { key } of opened.bucket.list('')) expect(key).toBe('nothing here');
    opened.close();
  });

  it('names what is wrong and its cure', async () => {
    const nowhere = { ...s3.place(), bucket: 'no-such-bucket' };
    expect((await problemOf(nowhere)).texts.en).toMatch(/no bucket "no-such-bucket".*Create it/);
    const denied = { status: 403, code: 'AccessDenied' };
    expect(await refused(denied, 'PUT')).toMatch(/no right to s3:PutObject.*Add the right/);
    expect(await refused(denied, 'HEAD')).toContain('no right to s3:GetObject');
    expect(await refused(denied, 'DELETE')).toContain('no right to s3:DeleteObject');
    expect(await refused({ status: 403, code: 'InvalidAccessKeyId' })).toContain('does not accept the keys');
    expect(await refused({ status: 403, code: 'SignatureDoesNotMatch' })).toContain('S3_SECRET_ACCESS_KEY');
    expect(await refused({ status: 301, code: 'PermanentRedirect' })).toContain('S3_REGION');
    const late = { status: 403, code: 'RequestTimeTooSkewed', date: new Date(Date.now() - 3_600_000) };
    expect(await refused(late)).toMatch(/60 minutes ahead of .*NTP/);
    const closed = { ...s3.place(), endpoint: 'http://127.0.0.1:1' };
    expect((await problemOf(closed)).texts.en).toMatch(/cannot be reached \(ECONNREFUSED\).*S3_ENDPOINT/);
  });

  it('refuses a bucket with files of another Limner, and a place without its own', async () => {
    const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-s3-'));
    const place = s3.place();
    const first = await started({ dataDir, environ: s3.environ(place) });
    const { id } = await first.client.call('generate', { body: { prompt: 'a red dragon' } });
    expect((await first.ended(id)).status).toBe('completed');
    expect(await first.stored.names('outputs')).toEqual([]);
    await expect(started({ environ: s3.environ(place) })).rejects.toThrow(/files of another Limner/);
    await first.close();
    await expect(started({ dataDir })).rejects.toThrow(/limner blobs copy s3:.* disk/);
    await expect(started({ dataDir, environ: s3.environ(s3.place()) })).rejects.toThrow(/limner blobs copy/);
    const again = await started({ dataDir, environ: s3.environ(place) });
    const { output_paths } = await again.client.call('getTask', { params: { id } });
    expect((await fetch(again.origin + output_paths[0])).status).toBe(200);
    await again.close();
    await rm(dataDir, { recursive: true });
  });
});

/** `fetch` says in a header that a script reads the answer. */
async function answered(url: string, headers: Record<string, string>) {
  const [answer] = (await once(http.get(url, { headers }), 'response')) as [http.IncomingMessage];
  answer.resume();
  return { status: answer.statusCode, headers: new Headers(answer.headers as Record<string, string>) };
}

describe('files of a bucket', () => {
  const opened = async (environ: Record<string, string>) => {
    const studio = await started({ environ: { ...s3.environ(s3.place()), ...environ } });
    const { id } = await studio.client.call('generate', { body: { prompt: 'a red dragon' } });
    const { output_paths } = await studio.ended(id);
    const sent = (headers: Record<string, string> = {}, query = '') =>
      answered(`${studio.origin}${output_paths[0]}${query}`, headers);
    return { studio, sent };
  };

  it('are sent by Limner unless links are wished for', async () => {
    const { studio, sent } = await opened({});
    const { status, headers } = await sent({ 'sec-fetch-mode': 'no-cors' });
    expect([status, headers.get('content-type')]).toEqual([200, 'image/png']);
    expect(headers.get('content-security-policy')).not.toContain(s3.endpoint);
    await studio.close();
  });

  it('are loaded from signed addresses of one file, with its name and type, but not by scripts', async () => {
    const { studio, sent } = await opened({ BLOBS_PUBLIC_URL: 'signed' });
    const shown = await sent({ 'sec-fetch-mode': 'no-cors' });
    expect([shown.status, shown.headers.get('vary')]).toEqual([
      302,
      expect.stringContaining('sec-fetch-mode'),
    ]);
    expect(shown.headers.get('content-security-policy')).toContain(s3.endpoint);
    const address = new URL(shown.headers.get('location') ?? '');
    expect(address.origin).toBe(s3.endpoint);
    expect(address.href).not.toContain('not a secret');
    expect(Number(address.searchParams.get('X-Amz-Expires'))).toBe(7200);
    expect(address.searchParams.get('response-content-type')).toBe('image/png');
    expect((await fetch(address)).status).toBe(200);
    expect((await sent()).headers.get('location')).toBe(address.href);
    const saved = new URL(
      (await sent({ 'sec-fetch-mode': 'navigate' }, '?download=1')).headers.get('location') ?? '',
    );
    expect(saved.searchParams.get('response-content-disposition')).toMatch(/^attachment; filename=/);
    for (const mode of ['cors', 'same-origin'])
      expect((await sent({ 'sec-fetch-mode': mode })).status, mode).toBe(200);
    await studio.close();
  });

  it('are loaded from a public address', async () => {
    const { studio, sent } = await opened({ BLOBS_PUBLIC_URL: 'https://cdn.example/art/' });
    expect((await sent()).headers.get('location')).toMatch(
      /^https:\/\/cdn\.example\/art\/outputs\/1_0\.png\?v=/,
    );
    expect((await sent({}, '?download=1')).status).toBe(200);
    await studio.close();
  });
});
