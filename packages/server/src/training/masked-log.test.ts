import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { maskOf } from '../engines/training/program/secrets.ts';
import { MaskedLogs } from './masked-log.ts';

const ENV = { HF_TOKEN: 'abcdefgh12345678', HF_HOME: '/home/user/cache' };
const mask = maskOf(ENV);

test.each([
  ['token hf_AbCdEfGh12345678 is invalid', 'token ******************* is invalid'],
  ['Authorization: Bearer abc.def-123', 'Authorization: Bearer ***********'],
  ["{'authorization': 'Basic dXNlcjpwdw=='}", "{'authorization': 'Basic ************'}"],
  ['HUGGING_FACE_HUB_TOKEN=secret-value', 'HUGGING_FACE_HUB_TOKEN=************'],
  ['proxy http://me:passw0rd@proxy:3128 refused', 'proxy http://me:********@proxy:3128 refused'],
  ['login with abcdefgh12345678 failed', 'login with **************** failed'],
  ['steps:  50%|█████| 10/20 avr_loss=0.1', 'steps:  50%|█████| 10/20 avr_loss=0.1'],
  ['tokenizer: /home/user/cache/t5', 'tokenizer: /home/user/cache/t5'],
])('%s', (line, shown) => expect(mask(line)).toBe(shown));

const LOG = Buffer.from(
  `loading 模型\n${'x'.repeat(9000)} hf_AbCdEfGh12345678 end\n下载 Authorization: Bearer abc.def-123\n`,
);
/** In pieces that cut lines, characters and secrets. */
const logs = (pieceBytes: number) =>
  new MaskedLogs(
    {
      stat: async () => ({ sizeBytes: LOG.length, modifiedMs: 0 }),
      stream: async (_key, { start, end } = { start: 0, end: LOG.length - 1 }) => {
        const pieces: Buffer[] = [];
        for (let at = start; at <= end; at += pieceBytes)
          pieces.push(LOG.subarray(at, Math.min(end + 1, at + pieceBytes)));
        return Readable.from(pieces);
      },
    },
    mask,
  );
const read = async (stream: Promise<Readable>) => Buffer.concat(await (await stream).toArray());

test.each([1, 7, 4096, 100_000])(
  'a log has no secrets and its own length, read in pieces of %i bytes',
  async (bytes) => {
    const shown = await read(logs(bytes).stream('log'));
    expect(shown).toHaveLength(LOG.length);
    expect(shown.toString()).toContain('模型');
    expect(shown.toString()).toContain(' ******************* end\n下载 Authorization: Bearer ***********\n');
  },
);

test('a range that begins within a secret shows none of it', async () => {
  const start = LOG.indexOf('hf_') + 5;
  const part = await read(logs(4096).stream('log', { start, end: start + 20 }));
  expect(part.toString()).toBe(`************** end\n${LOG.subarray(start + 19, start + 21).toString()}`);
});
