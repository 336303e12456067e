/** The program of the external trainer: a step at a time, its state in a file before it says so. `node … STEPS FROM PAUSE_MS` */
import { renameSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const [steps, from, pauseMs] = process.argv.slice(2).map(Number);

function write(name, text) {
  writeFileSync(`${name}.part`, text);
  renameSync(`${name}.part`, name);
}

for (let step = from + 1; step <= steps; step += 1) {
  await pause(pauseMs);
  write(`checkpoint-${step}`, String(step));
  console.log(`step ${step} loss ${1 / step}`);
}
write('style.safetensors', `lora after ${steps}`);
