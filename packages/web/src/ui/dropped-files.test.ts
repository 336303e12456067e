import { expect, test } from 'vitest';
import { filesBelow } from './dropped-files.ts';

const file = (name: string, isReadable = true) =>
  ({
    ...{ isFile: true, isDirectory: false, fullPath: `/cats/${name}` },
    file: (resolve: (file: File) => void, reject: (error: Error) => void) =>
      isReadable ? resolve(new File([], name)) : reject(new Error('not allowed')),
  }) as unknown as FileSystemEntry;

const folder = (...children: FileSystemEntry[]) => {
  const parts = [children, []];
  return {
    ...{ isFile: false, isDirectory: true, fullPath: '/cats' },
    createReader: () => ({
      readEntries: (take: (some: FileSystemEntry[]) => void) => take(parts.shift() ?? []),
    }),
  } as unknown as FileSystemEntry;
};

test('a dropped file that cannot be read is named, and the others are taken', async () => {
  const { files, unread } = await filesBelow([folder(file('a.png'), file('b.png', false)), file('c.png')]);
  expect(files.map(({ name }) => name)).toEqual(['a.png', 'c.png']);
  expect(unread).toEqual(['cats/b.png']);
});
