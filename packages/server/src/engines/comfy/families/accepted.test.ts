/**
 * Sends every kind of graph of every family to the real ComfyUI that `LIMNER_TEST_COMFYUI` names: it must accept them. Its
 * model folders need files of the usual names, which may be empty, and its input folder the pictures of `requests.ts`. What the
 * server lacks is skipped with its name. Without the address all of it is skipped.
 */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CASES } from '../fixtures/graph-cases.ts';
import { FILES, PICTURES } from '../fixtures/requests.ts';
import { compactObjectInfo, type ServerInfo } from '../server-info.ts';
import { comfyFamilies } from './index.ts';

const url = process.env.LIMNER_TEST_COMFYUI;
const get = async (path: string) => (await fetch(`${url}/${path}`)).json();

async function serverInfo(): Promise<ServerInfo> {
  if (url === undefined) return { nodes: new Map() };
  const { system } = (await get('system_stats')) as { system: { comfyui_version: string } };
  return { ...compactObjectInfo(await get('object_info')), version: system.comfyui_version };
}
const info = await serverInfo();

const post = (path: string, body: unknown) =>
  fetch(`${url}/${path}`, { method: 'POST', body: JSON.stringify(body) });

describe.skipIf(url === undefined).each(CASES)('$name', ({ request, files }) => {
  const family = comfyFamilies(files ?? FILES).find(({ spec }) => spec.id === request.family);

  test('is accepted', async ({ skip }) => {
    const missing = family?.missing(info, request) ?? [];
    skip(missing.length > 0, missing.map(({ name }) => name).join(', '));
    const prompt = family?.build(request, PICTURES, info).graph;
    const prompt_id = randomUUID();
    const answer = await (await post('prompt', { prompt, prompt_id })).json();
    await post('queue', { delete: [prompt_id] });
    await post('interrupt', { prompt_id });
    expect(answer).toMatchObject({ prompt_id, node_errors: {} });
  });
});
