import { describe, expect, it } from 'vitest';
import { pictureName } from './image-ref.ts';

const upload = `u${'a2'.repeat(13)}`;

describe('a reference to a picture', () => {
  it.each([
    [upload, { upload }],
    [`/uploads/${upload}.png`, { upload }],
    [`http://127.0.0.1:9000/uploads/${upload}.jpg?w=256`, { upload }],
    ['12_0', { task: 12, frame: 0, place: 0 }],
    ['12_0_1', { task: 12, frame: 0, place: 1 }],
    ['rmbg_7', { task: 7, frame: 0, place: 0 }],
    ['/outputs/12_3.png', { task: 12, frame: 3, place: 0 }],
    ['/outputs/12_3.png?v=17&w=512#x', { task: 12, frame: 3, place: 0 }],
    ['/limner/outputs/12_3.png?v=17', { task: 12, frame: 3, place: 0 }],
    [`https://studio.example/tools/limner/uploads/${upload}.png`, { upload }],
    ['https://studio.example/outputs/rmbg_7.png', { task: 7, frame: 0, place: 0 }],
  ])('%s is understood', (ref, name) => expect(pictureName(ref)).toEqual(name));

  it.each([
    '',
    'u',
    `${upload}x`,
    upload.toUpperCase(),
    '12',
    '-1_0',
    '9999999999999999_0',
    'outputs/12_0.png',
    '/outputs/../uploads/12_0.png',
    '/outputs/..%2f..%2fetc%2fpasswd',
    '/outputs/12_0.png/..',
    '/etc/passwd',
    'C:\\pictures\\12_0.png',
    'file:///outputs/12_0.png',
    'https://evil.example/12_0.png',
    'data:image/png;base64,AAAA',
    '//outputs/12_0.png',
  ])('%s is not', (ref) => expect(pictureName(ref)).toBeNull());
});
