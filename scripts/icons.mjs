/** Draws the icons of the installed app from the favicon. Run once after the logo changes; the results are committed. */
import { mkdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { inRoot } from './paths.mjs';

const OUT = inRoot('packages/web/public/icons');
const svg = readFileSync(inRoot('packages/web/public/favicon.svg'), 'utf8');
/** Maskable icon: square, with the mark inside the safe area. */
const square = svg
  .replace(/rx="[\d.]+"/, '')
  .replace('translate(5.2 5.2) scale(.675)', 'translate(7.4 7.4) scale(.5375)');

mkdirSync(OUT, { recursive: true });
const icon = (drawing, sizePx, name) =>
  sharp(Buffer.from(drawing), { density: (72 * sizePx) / 32 })
    .resize(sizePx, sizePx)
    .png({ palette: true })
    .toFile(`${OUT}/${name}.png`);
await icon(svg, 192, 'any-192');
await icon(svg, 512, 'any-512');
await icon(square, 512, 'maskable-512');
await icon(square, 180, 'touch-180');
