/**
 * Draws what the painting model learns from, out of the vector library that ships beside it:
 *
 *   node render.mjs WORK icons  128    every icon of the library by itself
 *   node render.mjs WORK scenes 128 9000   what the compose hand draws for made-up prompts
 *   node render.mjs WORK large  512 1600   some of both, large, for the sharpener
 *
 * Each writes NAME.raw (straight RGBA, one picture after the other) and NAME.jsonl (what is known about each).
 */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fromProduct, ROOT } from '../product.mjs';
import { captionMaker, wordsOfConcepts } from './captions.mjs';

const sharp = createRequire(import.meta.url)('sharp');
sharp.concurrency(1);
sharp.cache(false);

const STYLE_OF_SET = {
  glossy: 'glossy',
  flat: 'flat',
  noto: 'noto',
  classic: 'classic',
  game: 'game',
  ui: 'ui',
  office: 'ui',
};
const MARGIN = 5 / 128;
const WORKERS = 2;

const [work, what, sideText, countText] = process.argv.slice(2);
const side = Number(sideText);
/** Drawn twice as large and shrunk, as the product does it: softer edges. */
const oversize = side <= 128 ? 2 : 1;
const hand = await fromProduct('render', {
  'compose/compose.ts': ['compose'],
  'compose/drawing.ts': ['draw'],
  'compose/layout.ts': ['placedSvg'],
  'compose/library.ts': ['library'],
  'compose/random.ts': ['hash', 'Random'],
  'compose/soft.ts': ['rasteriseSoft'],
});
const library = hand.library();
const evaluation = JSON.parse(
  readFileSync(join(ROOT, 'training/starter/library/evaluation-prompts.json'), 'utf8'),
);
const unseen = new Set([...evaluation.en, ...evaluation.zh].map((prompt) => prompt.toLowerCase()));
const concepts = wordsOfConcepts(library);
const iconId = new Map(library.icons.map((icon) => [`${icon.set.id}:${icon.name}`, icon.id]));

const jobs = {
  icons: () => library.icons.map(iconJob),
  scenes: () => sceneJobs(Number(countText)),
  large: largeJobs,
};
await write(what, jobs[what]());

function iconJob(icon) {
  const words = concepts[icon.concept];
  return {
    about: {
      icon: icon.id,
      set: icon.set.id,
      style: STYLE_OF_SET[icon.set.id],
      concept: icon.concept,
      ...words,
    },
    draw: () => drawIcon(icon),
  };
}

async function drawIcon(icon) {
  const random = new hand.Random(hand.hash(`${icon.set.id}:${icon.name}`));
  const meaning = { concepts: [], materials: [], by: 'name' };
  const thing = {
    word: icon.name,
    meaning,
    hints: [],
    colour: undefined,
    material: undefined,
    size: 1,
    count: 1,
    join: 'and',
  };
  const drawing = hand.draw(
    { thing, icon, concept: library.concepts[icon.concept] },
    library,
    random,
    undefined,
    'i0',
  );
  const px = side * oversize;
  const scale = (px * (1 - 2 * MARGIN)) / Math.max(drawing.width, drawing.height);
  const svg = hand.placedSvg({ drawing, x: px / 2, y: px / 2, scale, tilt: 0, flip: false });
  const { data } = await hand.rasteriseSoft(svg, { width: px, height: px });
  return shrunk(sharp(data, { raw: { width: px, height: px, channels: 4 } }));
}

function sceneJobs(count) {
  const next = captionMaker(concepts, library, 20260101);
  return Array.from({ length: count }, (_, seed) => sceneJob(next(), seed));
}

function sceneJob(caption, seed) {
  if (unseen.has(caption.text.toLowerCase())) return null;
  const about = { text: caption.text, plain: caption.plain };
  return { about, draw: () => drawScene(caption.text, seed, about) };
}

async function drawScene(prompt, seed, about) {
  const px = side * oversize;
  const { png, details } = await hand.compose({ prompt, seed, width: px, height: px });
  const [first] = details.mapping;
  about.icons = details.mapping.map(({ icon }) => iconId.get(icon));
  about.style = STYLE_OF_SET[first.icon.split(':')[0]];
  return shrunk(sharp(png));
}

function largeJobs() {
  const random = new hand.Random(7);
  const total = Number(countText);
  const coloured = library.icons.filter((icon) => icon.set.id !== 'game' || random.chance(0.3));
  const icons = Array.from({ length: Math.round(total * 0.6) }, () => iconJob(random.pick(coloured)));
  return [...icons, ...sceneJobs(total - icons.length)].sort(() => random.next() - 0.5);
}

function shrunk(picture) {
  return picture.ensureAlpha().resize(side, side, { fit: 'fill' }).raw().toBuffer();
}

async function write(name, list) {
  const todo = list.filter((job) => job !== null);
  mkdirSync(work, { recursive: true });
  const [raw, lines] = [join(work, `${name}.raw`), join(work, `${name}.jsonl`)];
  if (existsSync(lines)) return console.log(`${name}: already there`);
  const file = openSync(`${raw}.part`, 'w');
  const known = [];
  const started = Date.now();
  let failed = 0;
  const worker = async () => {
    for (let job = todo.shift(); job !== undefined; job = todo.shift()) {
      try {
        const pixels = await job.draw();
        writeSync(file, pixels);
        known.push(JSON.stringify(job.about));
        if (known.length % 1000 === 0)
          console.log(name, known.length, `${Math.round((Date.now() - started) / 1000)} s`);
      } catch (error) {
        failed++;
        if (failed < 5) console.log('left out:', job.about.text ?? job.about.icon, error.message);
      }
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, worker));
  closeSync(file);
  renameSync(`${raw}.part`, raw);
  writeFileSync(lines, `${known.join('\n')}\n`);
  console.log(
    `${name}: ${known.length} pictures, ${failed} left out, ${Math.round((Date.now() - started) / 1000)} s`,
  );
}
