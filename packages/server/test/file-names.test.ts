import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Family } from '@limner/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { ScriptedEngine, tinyPng } from './scripted-engine.ts';
import { startStudio, type TestStudio, type TestStudioOptions } from './start-studio.ts';
import { testDialects } from './test-database.ts';
import { testLayout } from './test-layout.ts';

class AllKinds extends ScriptedEngine {
  override families(): Family[] {
    const [family] = super.families() as [Family];
    return [family, { ...family, id: 'cutter', kind: 'remove_bg' }];
  }
}

describe.each(await testDialects())('file names, on %s', (_name, dialect) => {
  let studio: TestStudio;
  afterEach(() => studio.close());
  const start = async (options: TestStudioOptions = {}) => {
    studio = await startStudio({ engines: [new AllKinds()], dialect, ...options });
  };
  const paint = async (prompt: string, batch_size = 1) => {
    const { id } = await studio.client.call('generate', { body: { prompt, family: 'scripted', batch_size } });
    return studio.ended(id);
  };
  const cutOut = async (input_image: string) => {
    const { id } = await studio.client.call('removeBg', { body: { input_image, family: 'cutter' } });
    return studio.ended(id);
  };
  const upload = async (fileName: string) => {
    const file = new Blob([new Uint8Array(tinyPng)], { type: 'image/png' });
    return (await studio.client.call('upload', { file, fileName })).id;
  };
  const change = (file_name_template: string | null) =>
    studio.client.call('updateSettings', { body: { file_name_template } });
  /** Of each picture: in the task, as a download, in the archive. */
  async function namesOf(id: number): Promise<string[]> {
    const task = await studio.client.call('getTask', { params: { id } });
    const zip = Buffer.from(await (await fetch(`${studio.url}/api/tasks/${id}/zip`)).arrayBuffer());
    return Promise.all(
      task.frames.map(async ({ output }) => {
        const name = output?.file_name ?? '';
        const response = await fetch(`${studio.origin}${output?.url}?download=1`);
        expect(response.headers.get('content-disposition')).toContain(`UTF-8''${encodeURIComponent(name)}`);
        expect(zip.includes(Buffer.from(name))).toBe(true);
        return name;
      }),
    );
  }

  it('are the same in the task, the download and the archive, from the template in the settings', async () => {
    await start();
    const { id } = await paint('红色的龙', 2);
    expect(await namesOf(id)).toEqual([`${id}_0_红色的龙.png`, `${id}_1_红色的龙.png`]);
    await change('{slug}-{task}-{index}');
    expect(await namesOf(id)).toEqual([`红色的龙-${id}-1.png`, `红色的龙-${id}-2.png`]);
    expect(await change(null)).toMatchObject({ file_name_template: '{id}_{slug}' });
    expect(await namesOf(id)).toEqual([`${id}_0_红色的龙.png`, `${id}_1_红色的龙.png`]);
  });

  it('have the name of the upload, or the prompt of the picture, where a task has no prompt', async () => {
    await start();
    const cut = await cutOut(await upload('Hero Idle.v2.png'));
    expect(await namesOf(cut.id)).toEqual([`${cut.id}_0_Hero Idle.v2.png`]);
    const again = await cutOut(`${cut.id}_0`);
    expect(await namesOf(again.id)).toEqual([`${again.id}_0_Hero Idle.v2.png`]);
    const dragon = await paint('a red dragon');
    const ofDragon = await cutOut(`${dragon.id}_0`);
    expect(await namesOf(ofDragon.id)).toEqual([`${ofDragon.id}_0_a-red-dragon.png`]);
  });

  it('have the words drawn for each picture, and a picture made from one keeps them', async () => {
    await start();
    const { id, frames } = await paint('a {red|green} {dragon|frog}', 4);
    const drawn = frames.map((frame) => frame.drawn?.prompt.replaceAll(' ', '-'));
    for (const words of drawn) expect(words).toMatch(/^a-(red|green)-(dragon|frog)$/);
    expect(await namesOf(id)).toEqual(drawn.map((words, index) => `${id}_${index}_${words}.png`));
    const cut = await cutOut(`${id}_3`);
    expect(await namesOf(cut.id)).toEqual([`${cut.id}_0_${drawn[3]}.png`]);
    await change('{slug}-{task}-{index}');
    expect(await namesOf(id)).toEqual(drawn.map((words, index) => `${words}-${id}-${index + 1}.png`));
  });

  it('get numbers in an archive where the template gives equal ones', async () => {
    await start({ environ: { FILE_NAME_TEMPLATE: '{slug}' } });
    const { id } = await paint('slime', 2);
    const zip = Buffer.from(await (await fetch(`${studio.url}/api/tasks/${id}/zip`)).arrayBuffer());
    for (const name of ['slime.png', 'slime-2.png']) expect(zip.includes(Buffer.from(name))).toBe(true);
  });

  it('keep their template over a restart', async () => {
    const dataDir = await mkdtemp(path.join(os.tmpdir(), 'limner-names-'));
    await start({ dataDir });
    await change('{slug}');
    await studio.close();
    await start({ dataDir });
    expect(await studio.client.call('settings', {})).toEqual({
      file_name_template: '{slug}',
      default_file_name_template: '{id}_{slug}',
    });
  });

  it.each(['', 'picture', '{hour}', 'a/{slug}'])(
    'refuse the template %j with the field and the reason',
    async (template) => {
      await start();
      await expect(change(template)).rejects.toMatchObject({
        code: 'invalid_request',
        field: 'file_name_template',
        message: expect.stringMatching(/must|unknown|contains/),
      });
    },
  );
});

it('a start with a bad FILE_NAME_TEMPLATE names it and the reason', () => {
  expect(() => readConfig(testLayout, { FILE_NAME_TEMPLATE: '{slug}?' })).toThrow(
    'FILE_NAME_TEMPLATE is "{slug}?": it contains ?',
  );
});
