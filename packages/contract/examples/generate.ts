/** Paints pictures and saves them: `node generate.js http://127.0.0.1:9000 "a red dragon" 2 out` */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient, isFinal, safeFileName } from '@limner/contract';

const [baseUrl = 'http://127.0.0.1:9000', prompt = 'a red dragon', count = '1', folder = '.'] =
  process.argv.slice(2);
const limner = createClient({ baseUrl });

let task = await limner.call('generate', {
  body: { prompt, batch_size: Number(count), width: 256, height: 256 },
});
while (!isFinal(task.status)) {
  await pause(200);
  task = await limner.call('getTask', { params: { id: task.id } });
}

await mkdir(folder, { recursive: true });
for (const { outputs, error } of task.frames) {
  if (error) console.error(error.message);
  for (const output of outputs) {
    const picture = await fetch(new URL(output.url, baseUrl));
    const file = join(folder, safeFileName(output.file_name));
    await writeFile(file, Buffer.from(await picture.arrayBuffer()));
    console.log(file);
  }
}
