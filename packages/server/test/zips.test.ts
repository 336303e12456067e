import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScriptedEngine } from './scripted-engine.ts';
import { startStudio, type TestStudio } from './start-studio.ts';
import { unpacked } from './unpacked.ts';

let studio: TestStudio;
let dragons: number;
let swords: number;

beforeAll(async () => {
  studio = await startStudio({ engines: [new ScriptedEngine()] });
  dragons = await paint('红色的龙 / a dragon?', 2);
  swords = await paint('A sword: "CON"', 1);
});
afterAll(() => studio.close());

async function paint(prompt: string, count: number): Promise<number> {
  const { id } = await studio.client.call('generate', {
    body: { prompt, family: 'scripted', batch_size: count },
  });
  await studio.ended(id);
  return id;
}

const offer = (body: { outputs?: string[]; tasks?: number[] }) => studio.client.call('zipOutputs', { body });
const fetched = async (address: string) => {
  const response = await fetch(studio.origin + address);
  return { response, bytes: Buffer.from(await response.arrayBuffer()) };
};
const picture = async (id: string) => (await fetched(`/outputs/${id}.png`)).bytes;

describe('an archive', () => {
  it('holds the chosen pictures under names every system takes, byte for byte', async () => {
    const zip = await offer({ tasks: [dragons], outputs: [`${swords}_0`, `${dragons}_1`] });
    expect(zip).toMatchObject({ pictures: 3, name: `limner-${dragons}-${swords}.zip` });
    const { response, bytes } = await fetched(zip.url);
    expect(response.headers.get('content-type')).toBe('application/zip');
    expect(response.headers.get('content-disposition')).toContain(zip.name);
    expect(response.headers.get('content-length')).toBe(String(bytes.length));
    const files = unpacked(bytes);
    expect([...files.keys()]).toEqual([
      `${dragons}_0_红色的龙-a-dragon.png`,
      `${dragons}_1_红色的龙-a-dragon.png`,
      `${swords}_0_a-sword-con.png`,
      'CREDITS.txt',
    ]);
    const credits = files.get('CREDITS.txt')?.toString() ?? '';
    for (const name of files.keys())
      if (name !== 'CREDITS.txt')
        expect(credits).toContain(`${name}\r\n  Scripted, Scripted: Made by a script.`);
    expect(files.get(`${swords}_0_a-sword-con.png`)).toEqual(await picture(`${swords}_0`));
  });

  it('can be fetched again, for a download that broke', async () => {
    const { url } = await offer({ outputs: [`${swords}_0`] });
    const first = await fetched(url);
    expect((await fetched(url)).bytes).toEqual(first.bytes);
  });

  it('holds what is there when it is fetched', async () => {
    const shields = await paint('a shield', 2);
    const { url } = await offer({ tasks: [shields] });
    await studio.client.call('deleteOutput', { params: { id: `${shields}_1` } });
    expect([...unpacked((await fetched(url)).bytes).keys()]).toEqual([
      `${shields}_0_a-shield.png`,
      'CREDITS.txt',
    ]);
  });

  it('of one task has an address of its own', async () => {
    const { response, bytes } = await fetched(`/api/tasks/${dragons}/zip`);
    expect(response.headers.get('content-disposition')).toContain(`limner-${dragons}.zip`);
    expect([...unpacked(bytes).keys()]).toHaveLength(3);
  });

  it('of nothing, of too much or from yesterday is refused in a sentence', async () => {
    await expect(offer({ tasks: [9999] })).rejects.toMatchObject({ code: 'zip_empty' });
    await expect(offer({ tasks: Array.from({ length: 2001 }, (_, n) => n + 1) })).rejects.toMatchObject({
      code: 'invalid_request',
      field: 'tasks',
    });
    expect((await fetched('/api/outputs/zip/0123')).response.status).toBe(404);
  });

  it('leaves out a picture whose file is gone, and names it', async () => {
    const id = await paint('soon gone', 2);
    const zip = await offer({ tasks: [id] });
    await studio.stored.remove(`outputs/${id}_0.png`);
    for (const address of [zip.url, `/api/tasks/${id}/zip`]) {
      const { response, bytes } = await fetched(address);
      expect(response.headers.get('content-length')).toBe(String(bytes.length));
      const files = unpacked(bytes);
      expect([...files.keys()]).toEqual([`${id}_1_soon-gone.png`, 'CREDITS.txt', 'MISSING.txt']);
      expect(files.get('CREDITS.txt')?.toString()).not.toContain(`${id}_0_`);
      expect(files.get(`${id}_1_soon-gone.png`)).toEqual(await picture(`${id}_1`));
      expect(files.get('MISSING.txt')?.toString()).toContain(`${id}_0_soon-gone.png`);
    }
  });

  it('holds what is left of a file that was cut short', async () => {
    const id = await paint('cut short', 1);
    const file = `outputs/${id}_0.png`;
    await studio.stored.write(file, (await studio.stored.read(file)).subarray(0, 20));
    const files = unpacked((await fetched(`/api/tasks/${id}/zip`)).bytes);
    expect(files.get(`${id}_0_cut-short.png`)?.length).toBe(20);
  });
});
