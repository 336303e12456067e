/** Writes `weights.json` for a folder: each file with its SHA-256. Usage: node list.mjs ../starter text.onnx … */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [dir, ...names] = process.argv.slice(2);
const files = Object.fromEntries(
  names.sort().map((name) => {
    const bytes = readFileSync(join(dir, name));
    return [name, { sha256: createHash('sha256').update(bytes).digest('hex'), size_bytes: bytes.length }];
  }),
);
writeFileSync(join(dir, 'weights.json'), `${JSON.stringify({ files }, null, 2)}\n`);
