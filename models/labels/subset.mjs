/** Writes `unifont.hex.br` from the `unifont.hex` of a Unifont release: `node subset.mjs path/to/unifont.hex`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync } from 'node:zlib';

/** Latin, Greek, Cyrillic, punctuation, symbols, kana, Chinese characters, Hangul, full-width forms, the replacement. */
const RANGES = [
  [0x20, 0x7e],
  [0xa0, 0x24f],
  [0x370, 0x3ff],
  [0x400, 0x52f],
  [0x2010, 0x2027],
  [0x2030, 0x205e],
  [0x20a0, 0x20bf],
  [0x2100, 0x214f],
  [0x2190, 0x21ff],
  [0x2200, 0x22ff],
  [0x2460, 0x24ff],
  [0x2500, 0x257f],
  [0x25a0, 0x26ff],
  [0x3000, 0x303f],
  [0x3040, 0x30ff],
  [0x4e00, 0x9fff],
  [0xac00, 0xd7a3],
  [0xff01, 0xffee],
  [0xfffd, 0xfffd],
];

const isKept = (line) => {
  const code = Number.parseInt(line, 16);
  return RANGES.some(([first, last]) => code >= first && code <= last);
};

const lines = readFileSync(process.argv[2], 'latin1').split('\n').filter(isKept);
writeFileSync(new URL('unifont.hex.br', import.meta.url), brotliCompressSync(`${lines.join('\n')}\n`));
console.log(`${lines.length} characters`);
