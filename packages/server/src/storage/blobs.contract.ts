/** What every adapter of the storage port must do. Each adapter's test calls this with a way to make an empty one. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Blobs } from './blobs.ts';

export function blobsContract(
  name: string,
  make: () => Promise<{ blobs: Blobs; remove: () => Promise<void> }>,
): void {
  describe(`${name} keeps blobs`, () => {
    let blobs: Blobs;
    let remove: () => Promise<void>;

    beforeEach(async () => {
      ({ blobs, remove } = await make());
    });
    afterEach(() => remove());

    it('whole, from bytes or a stream, with size and hash', async () => {
      const written = await blobs.put('outputs/1_0.png', Buffer.from('abc'));
      expect(written).toEqual({
        sizeBytes: 3,
        sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      });
      await blobs.put('outputs/1_1.png', Readable.from([Buffer.from('de'), Buffer.from('f')]));
      expect(String(await blobs.read('outputs/1_1.png'))).toBe('def');
      expect((await blobs.stat('outputs/1_1.png'))?.sizeBytes).toBe(3);
    });

    it('and sets files aside, never over existing ones', async () => {
      const setAside = async (text: string) => {
        await blobs.put('outputs/1_0.png', Buffer.from(text));
        return blobs.setAside('outputs/1_0.png', '2026-01-02');
      };
      const keys = [await setAside('first'), await setAside('second')];
      expect(keys).toEqual([
        'set-aside/2026-01-02/outputs/1_0.png',
        'set-aside/2026-01-02/outputs/1_0-2.png',
      ]);
      expect(await Promise.all(keys.map(async (key) => String(await blobs.read(key ?? ''))))).toEqual([
        'first',
        'second',
      ]);
      expect(await blobs.stat('outputs/1_0.png')).toBeNull();
      expect(await blobs.setAside('outputs/1_0.png', '2026-01-02')).toBeNull();
      const listed: string[] = [];
      for await (const { key } of blobs.list('set-aside/')) listed.push(key);
      expect(listed.sort()).toEqual([...keys].sort());
    });

    it('and moves what was set aside to where it is wanted, once, as if it was written now', async () => {
      const before = Date.now() - 1000;
      await blobs.put('outputs/1_0.png', Buffer.from('kept'));
      const aside = (await blobs.setAside('outputs/1_0.png', '2026-01-02')) ?? '';
      const moves = await Promise.all([
        blobs.move(aside, 'outputs/5_0.png'),
        blobs.move(aside, 'outputs/5_0.png'),
      ]);
      expect(moves.sort()).toEqual([false, true]);
      expect(String(await blobs.read('outputs/5_0.png'))).toBe('kept');
      expect((await blobs.stat('outputs/5_0.png'))?.modifiedMs).toBeGreaterThan(before);
      expect(await blobs.stat(aside)).toBeNull();
      expect(await blobs.move(aside, 'outputs/6_0.png')).toBe(false);
    });

    it('and lists all of them, in folders too', async () => {
      for (let n = 0; n < 200; n += 1) {
        await blobs.put(`outputs/${n}_0.png`, Buffer.from('a'));
        if (n % 2) await blobs.setAside(`outputs/${n}_0.png`, '2026-01-02');
      }
      const counts = ['outputs/', 'set-aside/'].map(async (prefix) => {
        let count = 0;
        for await (const _ of blobs.list(prefix)) count += 1;
        return count;
      });
      expect(await Promise.all(counts)).toEqual([100, 100]);
    });

    it('and replaces what was there', async () => {
      await blobs.put('outputs/1_0.png', Buffer.from('old'));
      await blobs.put('outputs/1_0.png', Buffer.from('new'));
      expect(String(await blobs.read('outputs/1_0.png'))).toBe('new');
    });

    it('in parts', async () => {
      await blobs.put('uploads/a.png', Buffer.from('0123456789'));
      expect(String(await buffer(await blobs.stream('uploads/a.png', { start: 3, end: 5 })))).toBe('345');
    });

    it('and leaves nothing of a body that breaks or is too long', async () => {
      const broken = Readable.from(
        (async function* () {
          yield Buffer.from('half');
          throw new Error('gone');
        })(),
      );
      await expect(blobs.put('uploads/b.png', broken)).rejects.toThrow('gone');
      await expect(blobs.put('uploads/b.png', Buffer.from('12345'), { limitBytes: 4 })).rejects.toMatchObject(
        { code: 'file_too_large' },
      );
      expect(await blobs.stat('uploads/b.png')).toBeNull();
      for await (const { key } of blobs.list('uploads/')) expect(key).toBe('nothing here');
    });

    it('until they are deleted, once or twice', async () => {
      await blobs.put('thumbs/a.webp', Buffer.from('x'));
      await blobs.delete('thumbs/a.webp');
      await blobs.delete('thumbs/a.webp');
      await expect(blobs.read('thumbs/a.webp')).rejects.toMatchObject({ code: 'file_not_found' });
    });

    it('until their folder is deleted, and no other', async () => {
      await blobs.put('training/1.checkpoint', Buffer.from('x'));
      await blobs.put('outputs/1_0.png', Buffer.from('x'));
      await blobs.deleteFolder('outputs/1/');
      await blobs.deleteFolder('outputs/1/');
      for (const folder of ['outputs/', 'outputs', 'outputs/1', 'outputs/../training/', '../x/', '/', ''])
        await expect(blobs.deleteFolder(folder), folder).rejects.toThrow(/not a folder/);
      expect(await blobs.stat('training/1.checkpoint')).not.toBeNull();
      expect(await blobs.stat('outputs/1_0.png')).not.toBeNull();
    });

    it('under keys of ours alone', async () => {
      for (const key of ['../x', 'outputs/../limner.db', '/etc/passwd', 'outputs/a/b', 'outputs/']) {
        await expect(blobs.read(key)).rejects.toThrow(/not a blob key/);
      }
    });
  });
}
