// @vitest-environment happy-dom
import type { ModelDownload, ServerModels } from '@limner/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { listChanged } from '../../../state/changed-lists.ts';
import { renderPage } from '../../../testing-page.tsx';
import { Refused, serve } from '../../../testing-server.ts';
import { ServerFiles } from './server-files.tsx';

const file = (folder: string, name: string, more: Partial<ServerModels['files'][number]> = {}) => ({
  folder,
  name,
  size_bytes: 2_000_000_000,
  modified_at: null,
  licence: null,
  source: null,
  families: [],
  notes: [],
  ...more,
});
const server = (more: Partial<ServerModels> = {}): ServerModels => ({
  server: 'attic',
  name: 'Attic PC',
  files: [
    file('checkpoints', 'dream.safetensors', { licence: 'MIT', families: ['sdxl'] }),
    file('vae', 'old/ae.safetensors', {
      notes: [
        { kind: 'duplicate', text: { en: 'The same file also lies at vae/ae.safetensors.', zh: '重复' } },
      ],
    }),
  ],
  missing: [
    {
      file: 'clip_l.safetensors',
      folder: 'models/text_encoders',
      size_bytes: 246_000_000,
      licence: 'Apache-2.0',
      source: 'comfyanonymous/flux_text_encoders',
      families: ['flux-schnell'],
      command: 'curl …',
      downloadable: true,
    },
  ],
  downloads: { by: 'ComfyUI-Manager V4.2.2', note: { en: 'Through ComfyUI-Manager.', zh: '' } },
  error: null,
  ...more,
});
const download = (more: Partial<ModelDownload> = {}): ModelDownload => ({
  id: 4,
  server: 'attic',
  file: 'clip_l.safetensors',
  folder: 'models/text_encoders',
  status: 'running',
  done_bytes: 123_000_000,
  size_bytes: 246_000_000,
  error: null,
  created_at: '2026-01-01T00:00:00.000Z',
  ended_at: null,
  ...more,
});

test('files stand in their folders; a folder with something wrong is open', async () => {
  serve({ listModels: () => [server()], listModelDownloads: () => [] });
  await renderPage(<ServerFiles />);
  const folder = (await screen.findByText('vae, 1 file')).closest('details');
  expect(folder?.open).toBe(true);
  expect(screen.getByText('checkpoints, 1 file').closest('details')?.open).toBe(false);
  expect(screen.getByText('The same file also lies at vae/ae.safetensors.')).toBeDefined();
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search files' }), 'DREAM');
  expect(screen.queryByText('vae, 1 file')).toBeNull();
  expect(screen.getByText('checkpoints, 1 file').closest('details')?.open).toBe(true);
});

test('a missing file is downloaded by the server, with its progress, and forgotten when it has ended', async () => {
  const downloads: ModelDownload[] = [];
  const api = serve({
    listModels: () => [server()],
    listModelDownloads: () => downloads,
    downloadModel: () => {
      downloads.push(download());
      return download();
    },
    forgetModelDownload: () => {
      downloads.pop();
      return null;
    },
  });
  await renderPage(<ServerFiles />);
  await userEvent.click(await screen.findByText('1 published file is missing'));
  await userEvent.click(screen.getByRole('button', { name: 'Download clip_l.safetensors' }));
  await waitFor(() => expect(downloads).toHaveLength(1));
  listChanged('models');
  expect(api.received('downloadModel')[0]?.body).toEqual({ server: 'attic', file: 'clip_l.safetensors' });
  const list = within(await screen.findByRole('region', { name: 'Downloads' }));
  expect(list.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('50');
  downloads[0] = download({ status: 'completed' });
  listChanged('models');
  await list.findByText('complete');
  await userEvent.click(
    list.getByRole('button', { name: 'Remove the download of clip_l.safetensors from the list' }),
  );
  await waitFor(() => expect(api.received('forgetModelDownload')).toHaveLength(1));
});

test('a refusal and an unreadable server are said', async () => {
  serve({
    listModels: () => [
      server(),
      server({
        server: 'cellar',
        name: 'Cellar',
        error: {
          code: 'engine_unreachable',
          message: '',
          data: { engine: 'Cellar', url: 'http://cellar:8188' },
        },
      }),
    ],
    listModelDownloads: () => [
      download({
        status: 'failed',
        error: {
          code: 'download_failed',
          message: '',
          data: { engine: 'Attic PC', file: 'clip_l.safetensors', reason: { en: 'no space', zh: '' } },
        },
      }),
    ],
    downloadModel: () => {
      throw new Refused(409, {
        code: 'model_present',
        data: { engine: 'Attic PC', file: 'clip_l.safetensors' },
      });
    },
  });
  await renderPage(<ServerFiles />);
  await screen.findByText(
    /The files of Cellar could not be read. Cellar at http:\/\/cellar:8188 does not answer./,
  );
  await screen.findByText('Attic PC did not download clip_l.safetensors: no space');
  await userEvent.click(screen.getByRole('button', { name: 'Download again' }));
  await screen.findByText('Attic PC has clip_l.safetensors already.');
});
