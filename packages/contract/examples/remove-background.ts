/** Cuts a picture out of its background: `node remove-background.js http://127.0.0.1:9000 cat.png cat-cut.png` */
import { openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createClient, isFinal, StudioError } from '@limner/contract';

const [baseUrl = 'http://127.0.0.1:9000', file = 'cat.png', target = 'cut.png'] = process.argv.slice(2);
const limner = createClient({ baseUrl, language: () => 'en' });

try {
  const upload = await limner.call('upload', { file: await openAsBlob(file), fileName: basename(file) });
  let cut = await limner.call('removeBg', { body: { input_image: upload.id } });
  while (!isFinal(cut.status)) {
    await pause(200);
    cut = await limner.call('getRemoveBg', { params: { id: cut.id } });
  }
  if (cut.output_image === null) throw new Error(cut.error?.message ?? cut.status);
  const picture = await fetch(new URL(cut.output_image, baseUrl));
  await writeFile(target, Buffer.from(await picture.arrayBuffer()));
  console.log(target);
} catch (error) {
  // A refusal of the server has a code, a sentence that says what to do, and the field at fault.
  if (!(error instanceof StudioError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = 1;
}
