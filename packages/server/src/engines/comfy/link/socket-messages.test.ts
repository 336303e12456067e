import { describe, expect, it } from 'vitest';
import { readBinary, readText } from './socket-messages.ts';

const prompt = '11111111-1111-4111-8111-111111111111';
const text = (type: string, data: object) => readText(JSON.stringify({ type, data }));
const words = (...values: number[]) =>
  Buffer.concat(values.map((value) => Buffer.from([0, 0, value >> 8, value & 255])));
const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
const png = Buffer.from('89504e470d0a1a0a', 'hex');

describe('texts', () => {
  it.each([
    [
      'status',
      { status: { exec_info: { queue_remaining: 2 } }, sid: 'x' },
      { type: 'status', remaining: 2, first: true },
    ],
    [
      'status',
      { status: { exec_info: { queue_remaining: 0 } } },
      { type: 'status', remaining: 0, first: false },
    ],
    ['execution_start', { prompt_id: prompt, timestamp: 1 }, { type: 'start', prompt }],
    [
      'execution_cached',
      { nodes: ['1', '2'], prompt_id: prompt },
      { type: 'cached', prompt, nodes: ['1', '2'] },
    ],
    ['executing', { node: '7', display_node: '7', prompt_id: prompt }, { type: 'node', prompt, node: '7' }],
    ['executing', { node: '7' }, { type: 'node', prompt: null, node: '7' }],
    ['executing', { node: null, prompt_id: prompt }, { type: 'over', prompt }],
    ['execution_success', { prompt_id: prompt }, { type: 'over', prompt }],
    ['execution_error', { prompt_id: prompt, exception_message: 'x' }, { type: 'over', prompt }],
    ['execution_interrupted', { prompt_id: prompt }, { type: 'over', prompt }],
    [
      'progress',
      { value: 1, max: 4, prompt_id: prompt, node: '7' },
      { type: 'progress', prompt, nodes: { '7': { value: 1, max: 4, finished: false } } },
    ],
    [
      'progress_state',
      { prompt_id: prompt, nodes: { '3': { value: 1, max: 1, state: 'finished', node_id: '3' } } },
      { type: 'progress', prompt, nodes: { '3': { value: 1, max: 1, finished: true } } },
    ],
  ])('%s %o', (type, data, message) => {
    expect(text(type, data)).toEqual(message);
  });

  it.each([
    'not json',
    '[]',
    'null',
    '{"type":"logs"}',
    '{"type":"crystools.monitor","data":{"cpu":1}}',
    '{"data":{}}',
  ])('skips %s', (message) => {
    expect(readText(message)).toBeNull();
  });
});

describe('binary frames', () => {
  it('a preview without a name, of the type its bytes have', () => {
    expect(readBinary(Buffer.concat([words(1, 1), jpeg]))).toEqual({
      type: 'preview',
      prompt: null,
      mediaType: 'image/jpeg',
      bytes: jpeg,
    });
    expect(readBinary(Buffer.concat([words(1, 1), png]))).toMatchObject({ mediaType: 'image/png' });
  });

  it('a preview that says whose it is', () => {
    const meta = Buffer.from(JSON.stringify({ node_id: '7', prompt_id: prompt, image_type: 'text/html' }));
    expect(readBinary(Buffer.concat([words(4, meta.length), meta, jpeg]))).toEqual({
      type: 'preview',
      prompt,
      mediaType: 'image/jpeg',
      bytes: jpeg,
    });
  });

  it.each([
    ['an unknown event', words(9, 0, 0)],
    ['text of a node', Buffer.concat([words(3, 1), Buffer.from('7hello')])],
    ['a frame shorter than its head', words(4)],
    ['metadata longer than the frame', words(4, 40_000)],
    ['no picture', words(1, 1)],
    [
      'a page that is called a picture',
      Buffer.concat([words(1, 2), Buffer.from('<script>alert(1)</script>')]),
    ],
    ['a preview larger than any', Buffer.concat([words(1, 1), jpeg, Buffer.alloc(2 ** 21)])],
    ['nothing', Buffer.alloc(0)],
  ])('skips %s', (_, frame) => {
    expect(readBinary(frame)).toBeNull();
  });
});
