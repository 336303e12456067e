/** `/metrics` as Prometheus reads it, of a real server. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { StudioError } from '@limner/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtInHealth } from '../src/engines/built-in-health.ts';
import { repository } from './places.ts';
import { ONE_PROCESS } from './process/skipping.ts';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';

/** Sums the samples of a series whose labels include all of `labels`. */
function sample(text: string, name: string, labels: Record<string, string> = {}): number | null {
  const wanted = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  const values = text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => wanted.every((label) => line.includes(label)))
    .map((line) => Number(line.split(' ').at(-1)));
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

describe.runIf(ONE_PROCESS)('metrics', () => {
  let studio: TestStudio;
  const read = async (path = '/metrics') => fetch(`${studio.studio.metricsUrl}${path}`);

  beforeAll(async () => {
    const engine = new ScriptedEngine(({ prompt }) => {
      if (prompt === 'fails') throw new StudioError('engine_failed', { data: { engine: 'x' }, again: false });
      return tinyPng;
    });
    const own = { id: 'scripted', label: engine.label, running: 0, families: [], missing: [], note: null };
    const memory = { used_bytes: 1, total_bytes: 2 };
    engine.health = async () => [{ ...builtInHealth({ ...own, status: 'ready' }), memory }];
    studio = await startStudio({ engines: [engine], environ: { METRICS_PORT: '0' } });
    for (const prompt of ['a red dragon', 'a blue dragon', 'fails']) {
      const { id } = await studio.client.call('generate', { body: { prompt, width: 64, height: 64 } });
      await studio.ended(id);
    }
    await fetch(`${studio.url}/api/tasks/987654321`);
    await studio.client.call('pauseLane', { params: { lane: 'scripted' }, body: { paused: true } });
    await studio.client.call('generate', { body: { prompt: 'waits', width: 64, height: 64 } });
  });
  afterAll(() => studio.close());

  it('count tasks, frames, errors and requests, with bounded labels', async () => {
    const response = await read();
    expect(response.headers.get('content-type')).toContain('text/plain');
    const text = await response.text();
    expect(sample(text, 'limner_tasks_total', { kind: 'generation', status: 'completed' })).toBe(2);
    expect(sample(text, 'limner_tasks_total', { status: 'failed' })).toBe(1);
    expect(sample(text, 'limner_errors_total', { source: 'frame', code: 'engine_failed' })).toBe(1);
    expect(sample(text, 'limner_errors_total', { source: 'http', code: 'task_not_found' })).toBe(1);
    const painter = { family: 'scripted', engine: 'scripted' };
    expect(sample(text, 'limner_frame_duration_seconds_count', painter)).toBe(2);
    expect(sample(text, 'limner_task_wait_seconds_count', painter)).toBe(3);
    const route = 'limner_http_request_duration_seconds_count';
    expect(sample(text, route, { route: '/api/tasks/:id', status: '404' })).toBe(1);
    expect(sample(text, 'limner_db_duration_seconds_count', { op: 'write' })).toBeGreaterThan(5);
    expect(sample(text, 'limner_db_duration_seconds_count', { op: 'read' })).toBeGreaterThan(5);
    expect(sample(text, 'limner_build_info', { version: '0.0.0-test' })).toBe(1);
    expect(sample(text, 'nodejs_eventloop_lag_seconds')).not.toBeNull();
    expect(text).not.toMatch(/987654321/);
  });

  it('show what is there now: lanes, engines, sockets, storage', async () => {
    const text = await (await read()).text();
    expect(sample(text, 'limner_tasks', { state: 'queued', lane: 'scripted' })).toBe(1);
    expect(sample(text, 'limner_queue_oldest_seconds', { lane: 'scripted' })).toBeGreaterThan(0);
    expect(sample(text, 'limner_engine_up', { server: 'Scripted' })).toBe(1);
    expect(sample(text, 'limner_event_clients')).toBe(0);
    expect(sample(text, 'limner_storage_bytes', { part: 'outputs' })).toBeGreaterThan(0);
    expect(sample(text, 'limner_disk_free_bytes')).toBeGreaterThan(0);
    expect(sample(text, 'limner_db_size_bytes')).toBeGreaterThan(0);
  });

  it('are those that the dashboard and the alerts name', async () => {
    const offered = new Set((await (await read()).text()).match(/(?<=^# TYPE )\S+/gm));
    const files = ['grafana/limner.json', 'prometheus/limner.rules.yml'];
    const texts = files.map((file) => readFileSync(path.join(repository, 'deploy', file), 'utf8'));
    const named = new Set(texts.join('\n').match(/\b(limner|nodejs|process)_[a-z0-9_]+/g));
    const base = (name: string) => name.replace(/_(bucket|count|sum)$/, '');
    expect(named.size).toBeGreaterThan(20);
    expect([...named].filter((name) => !offered.has(name) && !offered.has(base(name)))).toEqual([]);
  });

  it('are beside the health checks, and nothing else is', async () => {
    expect((await read('/healthz')).status).toBe(200);
    expect(await (await read('/readyz')).json()).toEqual({ status: 'ready', database: 'ok', storage: 'ok' });
    expect((await read('/api/tasks')).status).toBe(404);
    expect((await fetch(`${studio.studio.metricsUrl}/metrics`, { method: 'POST' })).status).toBe(404);
    expect((await fetch(`${studio.url}/metrics`)).status).toBe(404);
  });

  it('are not offered on a port that is taken, which is said with the cure', async () => {
    const port = new URL(String(studio.studio.metricsUrl)).port;
    await expect(startStudio({ environ: { METRICS_PORT: port } })).rejects.toThrow(/METRICS_PORT/);
  });
});
