/** How far built-in cut-outs of made-up pictures are from the alpha they were made with. */

import { cutout } from '../src/engines/cutout/cutout.ts';
import { jobContext, MODELS_DIR } from '../src/engines/embedded/job-testing.ts';
import { CASES, type CutoutCase, errorOf, pictureOf } from './cutout-cases.ts';

export async function run(print: (line: string) => void): Promise<void> {
  let sum = 0;
  for (const one of CASES) sum += await measure(one, 'auto', print);
  print(`mean of ${CASES.length}: alpha ${(sum / CASES.length).toFixed(2)}`);
  for (const one of CASES.filter(({ name }) => name.includes('glass')))
    await measure(one, 'sprite-glass', (line) => print(`named as glass: ${line}`));
}

async function measure(one: CutoutCase, model: string, print: (line: string) => void): Promise<number> {
  const job = { modelsDir: MODELS_DIR, model, userModel: null, picture: await pictureOf(one) };
  const { png, summary, details } = await cutout(job, jobContext());
  const { alpha, seen } = await errorOf(one, png);
  const doubt = summary.en.includes('expect flaws') ? ', doubt told' : '';
  print(`${one.name}: alpha ${alpha.toFixed(2)}, seen ${seen.toFixed(2)}, ${details.used}${doubt}`);
  return alpha;
}
