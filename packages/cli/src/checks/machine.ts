/** Checks that need no server: Node, the data folder, its disk, and the native libraries. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Context } from '../context.ts';
import { dataDirOf, SERVER_FOLDER } from '../installation.ts';
import { createFolder } from '../save.ts';
import type { Words } from '../words.ts';
import type { Finding, Report } from './finding.ts';
import type { ServedData } from './served-data.ts';

const LOW_DISK_BYTES = 1024 ** 3;

/** Each prints its version. They run in a process of their own: a native library that does not fit the CPU kills it. */
const LIBRARIES = [
  {
    name: 'SQLite',
    code: `const {DatabaseSync} = await import('@photostructure/sqlite');
      const db = new DatabaseSync(':memory:');
      console.log(db.prepare('select sqlite_version() as version').get().version);`,
  },
  {
    name: 'sharp',
    code: `const {default: sharp} = await import('sharp');
      await sharp({create: {width: 8, height: 8, channels: 4, background: '#0000'}}).png().toBuffer();
      console.log(sharp.versions.sharp);`,
  },
  {
    name: 'resvg',
    code: `const {renderAsync} = await import('@resvg/resvg-js');
      const {createRequire} = await import('node:module');
      await renderAsync('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>', {font: {loadSystemFonts: false}});
      console.log(createRequire(process.cwd() + '/')('@resvg/resvg-js/package.json').version);`,
  },
  {
    name: 'ONNX Runtime',
    code: `const {default: ort} = await import('onnxruntime-node');
      new ort.Tensor('float32', [0], [1]);
      console.log(ort.env.versions.node ?? ort.env.versions.common);`,
  },
];

/** @param served by a running Limner, which may have another data folder, also on another machine; null: none runs */
export async function checkMachine(
  { terminal, words }: Context,
  served: ServedData | null,
  report: Report,
): Promise<void> {
  report(nodeFinding(process.versions.node, words));
  const dataDir = dataDirOf(terminal.env);
  if (served && served.dataDir !== dataDir) {
    report({ state: 'good', sentence: words.doctor.dataOfServer(served.dataDir, served.url) });
    report(diskFinding(served.freeBytes, words));
  } else {
    const writable = await writableFinding(dataDir, words);
    report(writable);
    if (writable.state === 'good') report(diskFinding(await freeBytesOf(dataDir), words));
  }
  for (const { name, code } of LIBRARIES) report(await libraryFinding(name, code, words));
}

function nodeFinding(version: string, { doctor }: Words): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isSupported = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  return isSupported
    ? { state: 'good', sentence: doctor.node(version) }
    : { state: 'bad', sentence: doctor.nodeOld(version) };
}

async function writableFinding(dataDir: string, { doctor }: Words): Promise<Finding> {
  const probe = join(dataDir, `.doctor-${randomUUID()}.tmp`);
  try {
    await createFolder(dataDir);
    await writeFile(probe, 'ok');
    return { state: 'good', sentence: doctor.dataWritable(dataDir) };
  } catch (error) {
    return {
      state: 'bad',
      sentence: doctor.dataNotWritable(dataDir, (error as NodeJS.ErrnoException).code ?? '?'),
    };
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
}

async function freeBytesOf(dataDir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dataDir);
  return bavail * bsize;
}

function diskFinding(freeBytes: number, { doctor }: Words): Finding {
  const free = `${(freeBytes / 1024 ** 3).toFixed(1)} GiB`;
  return freeBytes < LOW_DISK_BYTES
    ? { state: 'bad', sentence: doctor.diskLow(free) }
    : { state: 'good', sentence: doctor.disk(free) };
}

async function libraryFinding(name: string, code: string, { doctor }: Words): Promise<Finding> {
  const run = promisify(execFile);
  try {
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', code], {
      cwd: SERVER_FOLDER,
      timeout: 30_000,
    });
    return { state: 'good', sentence: doctor.works(name, stdout.trim()) };
  } catch (error) {
    return {
      state: 'bad',
      sentence: doctor.broken(name, reasonOf(error as Error & { stderr?: string; signal?: string })),
    };
  }
}

function reasonOf({ stderr, signal, message }: Error & { stderr?: string; signal?: string }): string {
  const line = stderr?.split('\n').find((text) => /Error|error/.test(text));
  return line?.trim() ?? signal ?? message;
}
