/** What a server weighs while it receives and reads an archive of 500 pictures with 300 MB, and how long that takes. */
import { randomFillSync } from 'node:crypto';
import { createWriteStream, openAsBlob } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createClient } from '@limner/contract';
import sharp from 'sharp';
import { ZipFile } from 'yazl';
import { megabytes } from './measure.ts';
import { residentBytes, startServer, stopServer, watchTotal } from './server-process.ts';

const PICTURES = 500;
/** A PNG of noise has this size and three bytes a pixel. */
const SIDE_PX = 450;
const PAUSE_MS = 250;

export async function run(print: (line: string) => void): Promise<void> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'limner-datasets-'));
  const archive = path.join(folder, 'pictures.zip');
  await writeArchive(archive);
  const { child, url } = await startServer(path.join(folder, 'data'), { COMFYUI_URL: 'none' });
  try {
    const client = createClient({ baseUrl: url });
    const { id } = await client.call('createDataset', { body: { name: 'Warm' } });
    // The picture library is loaded, as on every server that has taken a picture.
    await client.call('addDatasetFile', {
      params: { id },
      file: new Blob([new Uint8Array(await noise())]),
      fileName: 'a.png',
    });
    const before = residentBytes(child.pid);
    const watch = watchTotal(child.pid);
    const since = performance.now();
    const file = await openAsBlob(archive);
    let work = await client.call('addDatasetFile', { params: { id }, file, fileName: 'pictures.zip' });
    const received = performance.now() - since;
    while (work.status === 'running') {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      work = await client.call('getDatasetWork', { params: { id, work: work.id ?? 0 } });
    }
    const took = performance.now() - since;
    const peak = watch.stop();
    const added = work.files.filter(({ outcome }) => outcome === 'added').length;
    const captioned = work.files.filter(({ outcome }) => outcome === 'captioned').length;
    print(
      `${megabytes((await stat(archive)).size)}, ${added} pictures added, ${captioned} captions: received in ${seconds(received)}, read in ${seconds(took)}; memory ${megabytes(before)} before, ${megabytes(peak)} at most, grown by ${megabytes(peak - before)}`,
    );
  } finally {
    await stopServer(child);
    await rm(folder, { recursive: true, force: true });
  }
}

const seconds = (value: number): string => `${(value / 1000).toFixed(1)} s`;

async function writeArchive(file: string): Promise<void> {
  const zip = new ZipFile();
  const written = pipeline(zip.outputStream, createWriteStream(file));
  for (let index = 0; index < PICTURES; index += 1) {
    zip.addBuffer(await noise(), `pictures/${index}.png`, { compress: false });
    zip.addBuffer(Buffer.from(`a picture, number ${index}`), `pictures/${index}.txt`);
  }
  zip.end();
  await written;
}

const noise = (): Promise<Buffer> =>
  sharp(randomFillSync(Buffer.alloc(SIDE_PX * SIDE_PX * 3)), {
    raw: { width: SIDE_PX, height: SIDE_PX, channels: 3 },
  })
    .png({ compressionLevel: 1 })
    .toBuffer();
