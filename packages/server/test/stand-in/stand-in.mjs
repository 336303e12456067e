/**
 * Stands in for a trainer's program. `node stand-in.mjs CONFIG STAGE`; CONFIG is JSON as `stand-in-program.ts` writes it.
 * Each start is noted, so that a test finds programs that were started twice.
 */
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const [file, stage] = process.argv.slice(2);
const config = JSON.parse(readFileSync(file, 'utf8'));
const { folder, output, steps, from, stepMs, saveEvery, faults } = config;

for (const name of faults.ignores ?? []) process.on(name, () => {});
noteStart(config.notes ?? path.join(folder, 'starts.log'));

/** With the word `beside` where another program of the run is alive. */
function noteStart(notes) {
  const earlier = existsSync(notes) ? readFileSync(notes, 'utf8').split('\n') : [];
  const ofRun = earlier.filter((line) => line.endsWith(` in ${folder}`));
  const beside = ofRun.some((line) => isStandIn(line.split(' ')[1])) ? ' beside' : '';
  const begins = stage === 'train' ? from : 0;
  appendFileSync(notes, `${stage} ${process.pid} from ${begins}${beside} in ${folder}\n`);
}

function isStandIn(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('stand-in.mjs');
  } catch {
    return false;
  }
}

/** A frame of a bar, ended by a carriage return as tqdm does. */
const frame = (text) => process.stderr.write(`\r${text}`);
const bar = (description, done, total, postfix = '') => {
  const percent = String(Math.round((100 * done) / total)).padStart(3);
  frame(
    `${description}${percent}%|${'█'.repeat(done % 10)}${' '.repeat(10 - (done % 10))}| ${done}/${total} [00:0${done % 10}<?, ?it/s${postfix}]`,
  );
};
const write = (name, body) => {
  const target = path.join(output, name);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(`${target}.part`, body);
  renameSync(`${target}.part`, target);
};

/** A LoRA of FLUX.2 klein with two matrices that depend on the step alone. */
function lora(step) {
  const tensors = {};
  let end = 0;
  const add = (name, shape) => {
    const from = end;
    end += 2 * shape[0] * shape[1];
    tensors[name] = { dtype: 'BF16', shape, data_offsets: [from, end] };
  };
  add('diffusion_model.single_blocks.0.linear1.lora_up.weight', [27_648, 1]);
  add('diffusion_model.single_blocks.0.linear1.lora_down.weight', [1, 3072]);
  const header = Buffer.from(JSON.stringify(tensors));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(end, step % 251)]);
}

function child(...args) {
  return spawn(process.execPath, args, {
    stdio: 'ignore',
    ...(faults.childLeavesGroup ? { detached: true } : {}),
  });
}

if (faults.child) {
  const stays = "process.on('SIGINT',()=>{});process.on('SIGTERM',()=>{});setInterval(()=>{},1000)";
  const { pid } = child('-e', stays);
  appendFileSync(path.join(folder, 'children.log'), `${pid}\n`);
}

async function cache() {
  const pictures = readdirSync(config.pictures).filter((name) => name.endsWith('.png'));
  for (const [index] of pictures.entries()) {
    bar('', index + 1, pictures.length);
    await pause(2);
  }
  process.stderr.write('\n');
  if (faults.cacheFails) fail(faults.cacheFails);
  process.exit(0);
}

function fail({ lines = [], code = 1, signal = null }) {
  for (const line of lines) console.error(line);
  if (signal) process.kill(process.pid, signal);
  else process.exit(code);
}

async function train() {
  // As kohya counts after a resume: what is left, from nothing.
  const total = steps - from;
  bar('steps: ', 0, total);
  for (let step = from + 1; step <= steps; step += 1) {
    await pause(stepMs);
    if (faults.hangsAt === step) {
      writeFileSync(path.join(folder, 'hangs'), '');
      while (!existsSync(path.join(folder, 'go-on'))) await pause(20);
    }
    if (faults.failsAt?.step === step && !existsSync(path.join(folder, 'failed'))) {
      if (faults.failsAt.once) writeFileSync(path.join(folder, 'failed'), '');
      fail(faults.failsAt);
      await pause(60_000);
    }
    if (!(step % (faults.skipsSteps ?? 1)) || step === steps)
      bar('steps: ', step - from, total, `, avr_loss=${(1 / step).toPrecision(4)}`);
    if (step % saveEvery === 0 && step < steps) {
      process.stderr.write('\n');
      console.log(`saving checkpoint: ${step}`);
      write(`style-step${String(step).padStart(8, '0')}.safetensors`, lora(step));
      write(`style-step${String(step).padStart(8, '0')}-state/state.json`, JSON.stringify({ step }));
      if (config.sample) write(`sample/style_${step}.png`, Buffer.from(config.sample, 'base64'));
    }
  }
  process.stderr.write('\n');
  if (faults.partialResult)
    writeFileSync(path.join(output, 'style.safetensors'), lora(steps).subarray(0, 500));
  else if (!faults.noResult) write('style.safetensors', lora(steps));
  process.exit(faults.endsWith ?? 0);
}

await (stage === 'cache' ? cache() : train());
