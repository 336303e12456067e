/**
 * Paints over the large drawings as the product does, for the sharpener to learn from:
 *
 *   node painted.mjs WORK
 *
 * Writes WORK/painted.raw: for each picture of large.raw what the decoder gave, premultiplied RGBA planes of 128 × 128.
 */
import { closeSync, existsSync, openSync, readFileSync, readSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { fromProduct, ROOT } from '../product.mjs';

const SIDE = 512;
const DENOISE = [0.5, 0.65, 0.8, 0.8, 0.9];
const [work] = process.argv.slice(2);
const target = join(work, 'painted.raw');
if (existsSync(target)) {
  console.log('painted: already there');
  process.exit(0);
}
const { PaintModel, edgesHint, blurHint, premultipliedPlanes, onCanvas } = await fromProduct('painted', {
  'paint/model.ts': ['PaintModel'],
  'paint/canvas.ts': ['onCanvas'],
  'paint/hints.ts': ['blurHint', 'edgesHint', 'premultipliedPlanes'],
});
const model = await PaintModel.open(join(ROOT, 'models'));
const about = readFileSync(join(work, 'large.jsonl'), 'utf8').trim().split('\n').map(JSON.parse);
const [source, out] = [openSync(join(work, 'large.raw'), 'r'), openSync(`${target}.part`, 'w')];
const drawing = Buffer.alloc(4 * SIDE * SIDE);
for (const [at, each] of about.entries()) {
  readSync(source, drawing, 0, drawing.length, at * drawing.length);
  writeSync(
    out,
    Uint8Array.from(await painted(drawing, each, at), (value) =>
      Math.round(255 * Math.min(1, Math.max(0, value))),
    ),
  );
  if (at % 100 === 99) console.log('painted', at + 1);
}
closeSync(out);
renameSync(`${target}.part`, target);

async function painted(rgba, { text, en, names }, seed) {
  const shape = { width: SIDE, height: SIDE };
  const small = await onCanvas({ ...shape, rgba }, shape);
  const planes = premultipliedPlanes({ rgba: small });
  const start = await model.encode(small);
  const always = { strength: 1, from: 0, to: 1 };
  const latent = await model.sample({
    prompt: text ?? [en, names].flat().find((word) => word) ?? '',
    style: 'any',
    seed,
    steps: 12,
    guidance: 2,
    start,
    denoise: DENOISE[seed % DENOISE.length],
    hints: [
      { kind: 'reference', values: start, ...always },
      { kind: 'edges', values: edgesHint(planes), ...always },
      { kind: 'blur', values: blurHint(planes), ...always },
    ],
    lora: null,
    signal: new AbortController().signal,
    onStep() {},
  });
  return model.decode(latent);
}
