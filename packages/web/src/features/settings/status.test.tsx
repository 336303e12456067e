// @vitest-environment happy-dom
import type { StudioStatus } from '@limner/contract';
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderPage } from '../../testing-page.tsx';
import { serve } from '../../testing-server.ts';
import { Status } from './status.tsx';

const well: StudioStatus = {
  problems: [],
  processes: [
    {
      name: 'attic',
      role: 'serve',
      paints: true,
      version: '1.0.0',
      started_at: '2026-01-02T03:04:05.000Z',
      seen_seconds_ago: 2,
      alive: true,
      is_this: true,
      lag_seconds: 0.012,
      memory_bytes: 200e6,
    },
  ],
  lanes: [
    {
      id: 'comfy',
      engine: { en: 'ComfyUI', zh: 'ComfyUI' },
      queued: 3,
      running: 1,
      oldest_seconds: 61,
      paused: false,
    },
  ],
  errors: [
    {
      ...{ code: 'engine_failed', count: 2, last_at: '2026-01-02T03:04:05.000Z' },
      error: { code: 'engine_failed', message: '', data: { engine: 'Attic PC', reason: 'out of memory' } },
    },
  ],
  database: { kind: 'sqlite', size_bytes: 5e6 },
  storage: { kind: 'folder', disk: { free_bytes: 5e9, total_bytes: 9e9 } },
  redis: null,
};

test('processes, lanes, failures and places are listed', async () => {
  serve({ status: () => well });
  await renderPage(<Status />);
  expect(await screen.findByText('Nothing is wrong.')).toBeTruthy();
  const part = (name: string) => within(screen.getByRole('region', { name }));
  expect(part('Processes').getByText('attic (answers this page)')).toBeTruthy();
  expect(part('Processes').getByText(/last seen 2/)).toBeTruthy();
  expect(part('Queue').getByText(/3 waiting · 1 running · the oldest for 1/)).toBeTruthy();
  expect(part('Failures of the last day').getByText(/2 times/)).toBeTruthy();
  expect(screen.getByText('Attic PC failed: out of memory')).toBeTruthy();
  expect(part('Database and files').getByText('SQLite')).toBeTruthy();
  expect(screen.queryByText('Redis')).toBeNull();
});

test('what is wrong comes first, with its cure', async () => {
  const what = { en: 'Redis does not answer.', zh: '' };
  serve({
    status: () => ({ ...well, redis: 'away', problems: [{ what, cure: { en: 'Start it.', zh: '' } }] }),
  });
  await renderPage(<Status />);
  const problems = within(await screen.findByRole('list', { name: 'What is wrong' }));
  expect(problems.getByText('Start it.')).toBeTruthy();
  expect(screen.queryByText('Nothing is wrong.')).toBeNull();
});
