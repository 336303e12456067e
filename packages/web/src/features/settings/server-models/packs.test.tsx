// @vitest-environment happy-dom
import type { MissingPack, ServerPacks } from '@limner/contract';
import { screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { renderPage } from '../../../testing-page.tsx';
import { serve } from '../../../testing-server.ts';
import { ServerFiles } from './server-files.tsx';

const GLITTER: MissingPack = {
  pack: 'https://github.com/someone/ComfyUI-Glitter',
  source: 'https://github.com/someone/ComfyUI-Glitter',
  licence: null,
  command: 'cm-cli install https://github.com/someone/ComfyUI-Glitter',
  cure: { en: 'Install it.', zh: '请安装。' },
  classes: ['GlitterSampler'],
  families: ['workflow-icons'],
  installed: false,
  problem: null,
};
const UNKNOWN: MissingPack = {
  ...GLITTER,
  pack: null,
  source: null,
  command: null,
  cure: { en: 'Update ComfyUI.', zh: '请更新 ComfyUI。' },
  classes: ['NoNode'],
};

function serveServer(packs: ServerPacks) {
  const asked: unknown[] = [];
  serve({
    listModels: () => [
      {
        server: 'attic',
        name: 'Attic PC',
        files: [],
        missing: [],
        downloads: { by: null, note: { en: '', zh: '' } },
        error: null,
      },
    ],
    listModelDownloads: () => [],
    listPacks: () => [packs],
    installPack: ({ body }) => {
      asked.push(body);
      packs.packs = packs.packs.map((pack) => ({ ...pack, installed: pack.pack === body.pack }));
      return null;
    },
  });
  return asked;
}

test('a missing pack is installed by ComfyUI-Manager, and says that ComfyUI must start again', async () => {
  const server = { server: 'attic', name: 'Attic PC', working: false, error: null };
  const asked = serveServer({ ...server, manager: 'ComfyUI-Manager V3.41', packs: [GLITTER, UNKNOWN] });
  await renderPage(<ServerFiles />);
  await userEvent.click(await screen.findByText('2 nodes are missing'));
  expect(screen.getByText('Update ComfyUI.')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Install ComfyUI-Glitter' }));
  await screen.findByText('Installed. Restart ComfyUI on Attic PC to load it.');
  expect(asked).toEqual([{ server: 'attic', pack: GLITTER.pack }]);
  expect(screen.queryByRole('button', { name: 'Install ComfyUI-Glitter' })).toBeNull();
});

test('without ComfyUI-Manager the command stands there alone', async () => {
  const server = { server: 'attic', name: 'Attic PC', working: false, error: null };
  serveServer({ ...server, manager: null, packs: [{ ...GLITTER, pack: null }] });
  await renderPage(<ServerFiles />);
  await userEvent.click(await screen.findByText('1 node is missing'));
  expect(screen.getByText(/has no ComfyUI-Manager/)).toBeTruthy();
  await waitFor(() => expect(screen.getByRole('button', { name: /Copy/ })).toBeTruthy());
  expect(screen.queryByRole('button', { name: /Install/ })).toBeNull();
});
