/**
 * Paints prompts with the product's own two hands and lays them out to look at:
 *
 *   node sheet.mjs OUT evaluation          the 100 prompts, compose beside paint
 *   node sheet.mjs OUT seeds PROMPT …      four seeds of each
 *   node sheet.mjs OUT controls            a control picture, then what it makes at rising strength
 *
 * Single pictures are kept as OUT/N.png for copying.py; the sheet is OUT.webp.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fromProduct, ROOT } from '../product.mjs';

const sharp = createRequire(import.meta.url)('sharp');
const [out, what, ...words] = process.argv.slice(2);
const side = Number(process.env.SHEET_PX ?? 112);
const CAPTION_PX = 16;
const GROUNDS = { evaluation: '#ffffff', seeds: '#ffffff', controls: '#ffffff' };
const { compose, paint } = await fromProduct('sheet', {
  'compose/compose.ts': ['compose'],
  'paint/paint.ts': ['paint'],
});
mkdirSync(out, { recursive: true });

const base = {
  modelsDir: join(ROOT, 'models'),
  seed: 1,
  width: 512,
  height: 512,
  steps: 12,
  guidance: 2,
  denoise: 0.8,
};
const ctx = { signal: new AbortController().signal, progress() {}, preview() {} };
const painted = (prompt, over = {}) =>
  paint({ ...base, prompt, start: null, control: null, lora: null, ...over }, ctx).then(
    ({ png }) => png,
    failed,
  );
const composed = (prompt, seed = 1) =>
  compose({ prompt, seed, width: 512, height: 512 }).then(({ png }) => png, failed);
const failed = (error) => {
  console.log(error.message);
  return null;
};

const cells = [];
let columns = 10;
if (what === 'evaluation') {
  const prompts = JSON.parse(
    readFileSync(join(ROOT, 'training/starter/library/evaluation-prompts.json'), 'utf8'),
  );
  for (const prompt of [...prompts.en, ...prompts.zh]) {
    const own = await painted(prompt);
    if (own) writeFileSync(join(out, `${String(cells.length).padStart(3, '0')}.png`), own);
    cells.push({ caption: prompt, pictures: [await composed(prompt), own] });
  }
} else if (what === 'seeds') {
  columns = 2;
  for (const prompt of words)
    cells.push({ caption: prompt, pictures: await each([1, 2, 3, 4], (seed) => painted(prompt, { seed })) });
} else {
  columns = 1;
  const guide = await composed('a blue castle', 3);
  for (const type of ['canny', 'blur', 'tile']) {
    const at = (strength) =>
      painted('a golden crown', { control: { type, picture: guide, strength, start: 0, end: 1 } });
    cells.push({
      caption: `${type}: "a golden crown" at 0, 0.3, 0.6, 1, 1.5`,
      pictures: [guide, ...(await each([0, 0.3, 0.6, 1, 1.5], at))],
    });
  }
}
await layOut();

async function each(list, make) {
  const made = [];
  for (const item of list) made.push(await make(item));
  return made;
}

async function layOut() {
  const across = Math.max(...cells.map(({ pictures }) => pictures.length)) * side;
  const rows = Math.ceil(cells.length / columns);
  const layers = [];
  for (const [at, { caption, pictures }] of cells.entries()) {
    const [left, top] = [(at % columns) * across, Math.floor(at / columns) * (side + CAPTION_PX)];
    layers.push({ input: await label(caption, across), left, top });
    for (const [k, picture] of pictures.entries()) {
      if (picture)
        layers.push({
          input: await sharp(picture)
            .resize(side - 4, side - 4)
            .png()
            .toBuffer(),
          left: left + k * side + 2,
          top: top + CAPTION_PX + 2,
        });
    }
  }
  const create = {
    width: columns * across,
    height: rows * (side + CAPTION_PX),
    channels: 3,
    background: GROUNDS[what],
  };
  await sharp({ create })
    .composite(layers)
    .webp({ quality: 80 })
    .toFile(`${resolve(out)}.webp`);
}

function label(text, width) {
  const safe = text.replace(/[<>&]/g, ' ');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${CAPTION_PX}"><text x="3" y="12" font-size="11" font-family="Noto Sans CJK SC, DejaVu Sans">${safe}</text></svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
}
