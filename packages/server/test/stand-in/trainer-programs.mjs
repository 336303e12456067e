/**
 * Stands in for the programs of ai-toolkit, mflux and sd-scripts: `node trainer-programs.mjs KIND SETTINGS ARGUMENTS…`. It
 * reads the files that Limner wrote for the real program, and prints, writes and ends as that one does. SETTINGS is JSON:
 * `stepMs`, `notes` (a file for its starts), and what goes wrong:
 * `ignores` (signals), `dies` (a step at which SIGKILL ends it, once), `half` (the file being written then is cut off),
 * `fullAt` (a step at which the disk is full), `hangsAt` (a step before which it waits for the file `goOn`, and writes `hangs`).
 */
import {
  appendFileSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { ZipFile } from 'yazl';

const [kind, settingsFile, ...args] = process.argv.slice(2);
const settings = JSON.parse(readFileSync(settingsFile, 'utf8'));

/** `PythonProgram` asks for packages that are not installed. */
if (args[0] === '-c') {
  console.log(JSON.stringify({ absent: [] }));
  process.exit(0);
}
for (const name of settings.ignores ?? []) process.on(name, () => {});

const option = (name) => args[args.indexOf(name) + 1];
const digits = (step, count) => String(step).padStart(count, '0');
const say = (text) => process.stdout.write(`${text}\n`);
/** A frame of tqdm, which ends lines by carriage returns. */
const frame = (description, done, total, postfix = '') =>
  process.stderr.write(
    `\r${description}${String(Math.floor((100 * done) / total)).padStart(3)}%|${'█'.repeat(Math.floor((10 * done) / total)).padEnd(10)}| ${done}/${total} [00:0${done % 10}<00:01,  1.04s/it${postfix}]`,
  );
const lossAt = (step) => 1 / step;

/** A LoRA of two small matrices that depend on the step. */
function lora(step) {
  const header = Buffer.from(
    JSON.stringify({
      'diffusion_model.layers.0.attention.to_q.lora_A.weight': {
        dtype: 'F32',
        shape: [1, 4],
        data_offsets: [0, 16],
      },
      'diffusion_model.layers.0.attention.to_q.lora_B.weight': {
        dtype: 'F32',
        shape: [4, 1],
        data_offsets: [16, 32],
      },
    }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(32, step)]);
}
const torchFile = Buffer.concat([Buffer.from('PK\u0005\u0006', 'latin1'), Buffer.alloc(18)]);
const write = (file, body) => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, body);
};

const note = (from) => appendFileSync(settings.notes, `${kind} ${process.pid} from ${from}\n`);
const diedFile = `${settingsFile}.died`;

/** Before each step. */
async function beforeStep(step, cutOff) {
  await pause(settings.stepMs);
  if (settings.hangsAt === step) {
    writeFileSync(settings.hangs, '');
    while (!existsSync(settings.goOn)) await pause(20);
  }
  if (settings.dies === step && !existsSync(diedFile)) {
    writeFileSync(diedFile, '');
    if (settings.half) await cutOff();
    process.kill(process.pid, 'SIGKILL');
    await pause(60_000);
  }
}

function failFull(step) {
  if (settings.fullAt !== step) return;
  process.stderr.write(
    'Traceback (most recent call last):\n  File "train.py", line 1, in save\nOSError: [Errno 28] No space left on device\n',
  );
  if (kind === 'ai-toolkit')
    say(
      '\n========================================\nResult:\n - 0 completed jobs\n - 1 failure\n========================================',
    );
  process.exit(1);
}

/** It continues from the file that was created last, whole or not, and ends well where it was interrupted. */
async function aiToolkit() {
  const { config } = JSON.parse(readFileSync(args[1], 'utf8'));
  const [run] = config.process;
  const folder = path.join(run.training_folder, config.name);
  const { steps } = run.train;
  const every = run.save.save_every;
  mkdirSync(folder, { recursive: true });
  const names = readdirSync(folder).filter(
    (name) => name.startsWith(config.name) && name.endsWith('.safetensors'),
  );
  const made = (name) => statSync(path.join(folder, name)).ctimeMs;
  const newest = names.sort((a, b) => made(b) - made(a))[0];
  const from = Number(/_(\d{9})\./.exec(newest ?? '')?.[1] ?? 0);
  note(from);
  if (newest) readWhole(path.join(folder, newest));
  if (!settings.ignores?.includes('SIGINT'))
    process.on('SIGINT', () => {
      say('Job stopped');
      process.exit(0);
    });
  process.stderr.write('Caching latents to disk: 100%|██████████| 2/2 [00:00<00:00,  9.10it/s]\n');
  const file = (step) => path.join(folder, `${config.name}_${digits(step, 9)}.safetensors`);
  const words = (step) => `, lr: 1.0e-04 loss: ${lossAt(step).toExponential(3)}`;
  for (let step = from + 1; step <= steps; step += 1) {
    await beforeStep(step, () => write(file(step), lora(step).subarray(0, 100)));
    // Its postfix is printed before its bar moves.
    frame(`${config.name}: `, step - 1, steps, words(step));
    frame(`${config.name}: `, step, steps, words(step));
    if (step % every !== 0 || step === steps) continue;
    say(`\nSaving at step ${step}`);
    failFull(step);
    write(file(step), lora(step));
    write(path.join(folder, 'optimizer.pt'), torchFile);
    say(`Saved checkpoint to ${file(step)}`);
  }
  write(path.join(folder, `${config.name}.safetensors`), lora(steps));
  say(
    '\n========================================\nResult:\n - 1 completed job\n========================================',
  );
}

/** @throws as the real one, where it would load half a file */
function readWhole(file) {
  if (readFileSync(file).length < lora(1).length) {
    console.error('safetensors_rust.SafetensorError: Error while deserializing header: IncompleteMetadata');
    process.exit(1);
  }
}

/** Each file is a zip that is written under its last name; SIGINT ends it as Python is ended by it. */
async function mflux() {
  const isResumed = args[0] === '--resume';
  const zipped = isResumed ? args[1] : null;
  const config = JSON.parse(readFileSync(isResumed ? settings.config : args[1], 'utf8'));
  if (!isResumed) settings.config = args[1];
  // As the config in the checkpoint, which the real one reads.
  writeFileSync(settingsFile, JSON.stringify(settings));
  const { save_frequency: every, output_path } = config.checkpoint;
  const output = !isResumed && existsSync(output_path) ? `${output_path}_20261130_180000` : output_path;
  const pictures = readdirSync(config.data).filter((name) => name.endsWith('.png'));
  for (const name of pictures)
    if (!existsSync(path.join(config.data, name.replace('.png', '.txt')))) throw new Error('missing caption');
  const steps =
    Math.ceil(pictures.length / config.training_loop.batch_size) * config.training_loop.num_epochs;
  const from = zipped ? Number(/(\d{7})_checkpoint/.exec(zipped)?.[1]) : 0;
  note(from);
  const measured = [];
  for (let step = 0; step <= from; step += config.monitoring.plot_frequency) measured.push(step);
  const plot = () =>
    write(
      path.join(output, 'loss', 'loss.html'),
      `<script>\n      const data = ${JSON.stringify({ steps: measured, losses: measured.map((step) => (step ? lossAt(step) : 2)) })};\n</script>\n`,
    );
  const save = (step) => writeCheckpoint(path.join(output, 'checkpoints'), step);
  if (from === 0) {
    for (let done = 0; done <= config.steps; done += 1) frame('', done, config.steps);
    plot();
    await save(0);
  }
  frame('', from, steps);
  for (let step = from + 1; step <= steps; step += 1) {
    await beforeStep(step, async () => {
      const file = await save(step);
      writeFileSync(file, readFileSync(file).subarray(0, 80));
    });
    if (step % config.monitoring.plot_frequency === 0) {
      measured.push(step);
      plot();
    }
    if (step % every === 0) {
      failFull(step);
      await save(step);
    }
    frame('', step, steps);
  }
  await save(steps);
  process.stderr.write('\n');
}

async function writeCheckpoint(folder, step) {
  const name = digits(step, 7);
  const files = {
    optimizer: `${name}_optimizer.safetensors`,
    lora_adapter: `${name}_adapter.safetensors`,
    loss: `${name}_loss.json`,
  };
  const zip = new ZipFile();
  zip.addBuffer(Buffer.from('state'), files.optimizer);
  zip.addBuffer(lora(step), files.lora_adapter);
  zip.addBuffer(Buffer.from('[]'), files.loss);
  zip.addBuffer(Buffer.from(JSON.stringify({ files })), 'checkpoint.json');
  zip.end();
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}_checkpoint.zip`);
  await pipeline(zip.outputStream, createWriteStream(file));
  return file;
}

/** A step has two frames; the first still has the loss of the step before. A resumed process counts from zero. */
async function kohya() {
  const total = Number(option('--max_train_steps'));
  const every = Number(option('--save_every_n_steps'));
  const output = option('--output_dir');
  const isResumed = args.includes('--resume');
  const from = isResumed ? Number(/step(\d{8})-state$/.exec(option('--resume'))?.[1]) : 0;
  note(from);
  const state = (step) => {
    const folder = path.join(output, `lora-step${digits(step, 8)}-state`);
    write(path.join(folder, 'model.safetensors'), lora(step));
    write(path.join(folder, 'optimizer.bin'), torchFile);
    write(path.join(folder, 'scheduler.bin'), torchFile);
    write(path.join(folder, 'random_states_0.pkl'), '.');
  };
  const loss = (step) => (step > 0 ? `, avr_loss=${lossAt(from + step).toPrecision(3)}` : '');
  frame('steps: ', 0, total);
  for (let step = 1; step <= total; step += 1) {
    await beforeStep(from + step, () =>
      write(path.join(output, `lora-step${digits(step, 8)}.safetensors`), lora(step).subarray(0, 100)),
    );
    frame('steps: ', step, total, loss(step - 1));
    if (step % every === 0) {
      failFull(from + step);
      say(`\nsaving checkpoint: ${output}/lora-step${digits(step, 8)}.safetensors`);
      write(path.join(output, `lora-step${digits(step, 8)}.safetensors`), lora(step));
      state(step);
    }
    frame('steps: ', step, total, loss(step));
  }
  write(path.join(output, 'lora.safetensors'), lora(from + total));
}

await { 'ai-toolkit': aiToolkit, mflux, kohya }[kind]();
process.exit(0);
