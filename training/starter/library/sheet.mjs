/**
 * Renders a contact sheet to look at: `node sheet.mjs [--ground ffffff] [--size 256] [--seeds 4] [--name sheet] prompt …`,
 * or `--set en|zh` for the evaluation prompts. Sheets land in `sheets/`.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import sharp from 'sharp';
import { fromProduct } from '../product.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ground: { type: 'string', default: 'ffffff' },
    size: { type: 'string', default: '200' },
    seeds: { type: 'string', default: '4' },
    first: { type: 'string', default: '1' },
    name: { type: 'string', default: 'sheet' },
    set: { type: 'string' },
    columns: { type: 'string' },
    from: { type: 'string', default: '0' },
    to: { type: 'string', default: '999' },
  },
});
const prompts = values.set
  ? JSON.parse(readFileSync(new URL('evaluation-prompts.json', import.meta.url), 'utf8'))[values.set].slice(
      Number(values.from),
      Number(values.to),
    )
  : positionals;
const { compose } = await fromProduct('compose', { 'compose/compose.ts': ['compose'] });
const side = Number(values.size);
const seeds = Number(values.seeds);
const CAPTION = 22;
const cells = [];
for (const prompt of prompts) {
  for (let seed = 0; seed < seeds; seed++)
    cells.push(await cell(prompt, Number(values.first) + seed, seed === 0));
}
const columns = Number(values.columns ?? Math.max(seeds, Math.floor(10 / seeds) * seeds));
const rows = Math.ceil(cells.length / columns);
mkdirSync(new URL('sheets/', import.meta.url), { recursive: true });
await sharp({
  create: {
    width: columns * side,
    height: rows * (side + CAPTION),
    channels: 3,
    background: `#${values.ground}`,
  },
})
  .composite(
    cells.flatMap((own, at) =>
      own.map((layer) => ({
        ...layer,
        left: (at % columns) * side,
        top: Math.floor(at / columns) * (side + CAPTION) + layer.top,
      })),
    ),
  )
  .png()
  .toFile(new URL(`sheets/${values.name}.png`, import.meta.url).pathname);

async function cell(prompt, seed, caption) {
  const started = performance.now();
  let picture;
  let told = prompt;
  try {
    const result = await compose({ prompt, seed, width: side - 8, height: side - 8 });
    picture = result.png;
    if (values.seeds === '1')
      told = `${prompt}: ${result.details.mapping.map((part) => part.icon).join(' + ')}`;
  } catch (error) {
    console.log(prompt, '→', error.message);
    picture = await label(`✗ ${error.code ?? error.message}`, side - 8);
  }
  if (values.seeds === '1') console.log(`${Math.round(performance.now() - started)} ms  ${told}`);
  return [
    { input: picture, top: CAPTION },
    ...(caption ? [{ input: await label(prompt, side * Math.min(seeds, 2)), top: 2 }] : []),
  ];
}

async function label(text, width) {
  const safe = text.replace(/[<>&]/g, ' ');
  return sharp(
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="18"><rect width="100%" height="100%" fill="#fff"/><text x="3" y="14" font-size="13" font-family="Noto Sans CJK SC, DejaVu Sans">${safe}</text></svg>`,
    ),
  )
    .png()
    .toBuffer();
}
