import { describe, expect, it } from 'vitest';
import { HistoryEntry } from '../link/client-shapes.ts';
import { resultFiles } from './job-outcome.ts';

const server = { id: 's', name: 'server 1' } as unknown as Parameters<typeof resultFiles>[0];
const file = (filename: string, type = 'output') => ({ filename, subfolder: 'limner', type });
const names = (outputs: unknown, nodes: string[]) =>
  resultFiles(server, HistoryEntry.parse({ outputs }), nodes).map(({ file }) => file.filename);

describe('the files of a history entry', () => {
  it('are those of all nodes named, in their order', () => {
    const outputs = { 9: { images: [file('b1.png'), file('b2.png')] }, 4: { images: [file('a.png')] } };
    expect(names(outputs, ['9', '4'])).toEqual(['b1.png', 'b2.png', 'a.png']);
    expect(names(outputs, ['4'])).toEqual(['a.png']);
  });

  it('are of any kind, beside texts and numbers that are none', () => {
    const outputs = {
      1: { images: [file('still.png')], gifs: [{ ...file('clip.mp4'), frame_rate: 8 }], text: ['a cat'] },
      2: { audio: [file('voice.flac')], animated: [true], counts: 3 },
    };
    expect(names(outputs, ['1', '2'])).toEqual(['still.png', 'clip.mp4', 'voice.flac']);
  });

  it('are refused where there are more than Limner keeps', () => {
    const images = Array.from({ length: 600 }, (_, nth) => file(`${nth}.png`));
    expect(() => names({ 1: { images } }, ['1'])).toThrow(/left 600 files/);
  });

  it('are taken once, and without previews where anything was saved', () => {
    const outputs = {
      1: { images: [file('a.png')], gifs: [file('a.png')] },
      2: { images: [file('look.png', 'temp')] },
    };
    expect(names(outputs, ['1', '2'])).toEqual(['a.png']);
    expect(names(outputs, ['2'])).toEqual(['look.png']);
  });

  it.each([
    {},
    { 1: null },
    { 1: { images: [] } },
    { 1: { images: 'a.png' } },
    { 1: { images: [{ name: 'a' }] } },
  ])('are none in %j', (outputs) => {
    expect(() => names(outputs, ['1', 'toString'])).toThrow(expect.objectContaining({ code: 'no_image' }));
  });
});
