/**
 * Copies the files of an installation between its data folder and a bucket. Each file is read again from its new place and
 * compared by its hash. Nothing is deleted: a file of the target with other bytes is set aside there, and the source stays.
 * Killed at any moment, the next copy goes on. Until it has ended, a start with the target is refused.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { errorSentence, StudioError } from '@limner/contract';
import type { Config } from '../config.ts';
import { StartProblem } from '../start-problem.ts';
import { isBlobKey } from '../storage/blob-keys.ts';
import { ON_DISK, type PlaceMarks } from '../storage/blob-place.ts';
import type { BlobStat, Blobs } from '../storage/blobs.ts';
import { folderId } from '../storage/installation.ts';
import { openDisk, openS3 } from '../storage/open.ts';
import { readS3Url } from '../storage/s3/s3-place.ts';
import { today } from '../storage/set-aside.ts';
import { CopyJournal } from './copy-journal.ts';
import { paced, type ReportProgress } from './job-progress.ts';

/** Thumbnails are made again when they are asked for; work folders of runs stay on disk. */
const FOLDERS = ['uploads/', 'loras/', 'training/', 'stars/', 'outputs/', 'set-aside/'];
const AT_ONCE = 4;
const NAMED = 20;

interface CopyOptions {
  /** `disk`, or `s3://bucket/prefix`. */
  from: string;
  to: string;
  /** Only counts. */
  dryRun: boolean;
}

export interface CopiedBlobs {
  from: string;
  to: string;
  dry_run: boolean;
  /** In a dry run: to be copied. */
  copied: number;
  copied_bytes: number;
  /** Were there with the same bytes. In a dry run: with the same size. */
  already: number;
  /** Had other bytes at the target, which are kept there under these names. */
  set_aside: string[];
  /** Files whose names are none of Limner's; they are not copied. The first twenty. */
  foreign: { count: number; names: string[] };
  /** Were deleted while the copy ran. */
  gone: number;
}

type Listed = BlobStat & { key: string };

interface Place {
  name: string;
  blobs: Blobs;
  marks: PlaceMarks;
  close(): void | Promise<void>;
}

/** @throws StartProblem */
export async function copyBlobs(
  config: Config,
  { from, to, dryRun }: CopyOptions,
  report: ReportProgress,
): Promise<CopiedBlobs> {
  const installation = await folderId(config.dataDir);
  if (installation === null) throw noInstallation(config.dataDir);
  const opened: Place[] = [];
  try {
    for (const name of [from, to]) opened.push(await placeAt(config, name));
    const [source, target] = opened as [Place, Place];
    if (source.name === target.name) throw samePlace(source.name);
    for (const { name, marks } of opened) {
      const owner = await marks.owner();
      if (owner !== null && owner !== installation) throw othersPlace(name);
    }
    const copy = new BlobCopy({ source, target, dryRun, report: paced(report) });
    if (dryRun) return await copy.run(null);
    await target.marks.claim(installation);
    await target.marks.setCopyState('unfinished');
    const journal = CopyJournal.open(
      path.join(config.dataDir, 'blobs-copy.journal'),
      `${source.name} ${target.name}`,
    );
    const copied = await copy.run(journal);
    await target.marks.setCopyState('finished');
    journal.remove();
    return copied;
  } catch (error) {
    throw error instanceof StudioError ? interrupted(error) : error;
  } finally {
    for (const place of opened) await place.close();
  }
}

async function placeAt(config: Config, name: string): Promise<Place> {
  const { place, ...opened } = await (name === ON_DISK ? openDisk(config) : openNamedBucket(config, name));
  return { name: place, ...opened };
}

function openNamedBucket({ s3Access }: Config, name: string) {
  const place = readS3Url(name);
  if (!place) throw unknownPlace(name);
  return openS3({ ...place, ...s3Access }, name);
}

interface CopyParts {
  source: Place;
  target: Place;
  dryRun: boolean;
  report: ReportProgress;
}

class BlobCopy {
  readonly #parts: CopyParts;
  readonly #result: CopiedBlobs;
  #done = 0;
  #total = 0;

  constructor(parts: CopyParts) {
    this.#parts = parts;
    this.#result = {
      from: parts.source.name,
      to: parts.target.name,
      dry_run: parts.dryRun,
      copied: 0,
      copied_bytes: 0,
      already: 0,
      set_aside: [],
      foreign: { count: 0, names: [] },
      gone: 0,
    };
  }

  /** `journal`: null in a dry run. */
  async run(journal: CopyJournal | null): Promise<CopiedBlobs> {
    const { source, target } = this.#parts;
    const listed: Listed[] = [];
    const there = new Map<string, number>();
    for (const folder of FOLDERS) {
      for await (const blob of source.blobs.list(folder)) if (this.#isOurs(blob.key)) listed.push(blob);
      for await (const { key, sizeBytes } of target.blobs.list(folder)) there.set(key, sizeBytes);
    }
    this.#total = listed.length;
    const rest = listed.values();
    let hasFailed = false;
    const copyRest = async () => {
      for (const blob of rest) {
        if (hasFailed) return;
        await this.#one(blob, there.get(blob.key), journal);
        this.#done += 1;
        const { copied_bytes: bytes } = this.#result;
        this.#parts.report({ done: this.#done, total: this.#total, part: null, bytes });
      }
    };
    const copying = Array.from({ length: AT_ONCE }, () =>
      copyRest().catch((error) => {
        hasFailed = true;
        throw error;
      }),
    );
    // The files that are being written end before the places are closed.
    await Promise.allSettled(copying);
    await Promise.all(copying);
    return this.#result;
  }

  #isOurs(key: string): boolean {
    const { foreign } = this.#result;
    if (isBlobKey(key)) return true;
    foreign.count += 1;
    if (foreign.names.length < NAMED) foreign.names.push(key);
    return false;
  }

  async #one(blob: Listed, thereBytes: number | undefined, journal: CopyJournal | null): Promise<void> {
    const isThere = thereBytes === blob.sizeBytes;
    if (isThere && (!journal || journal.has(blob))) {
      this.#result.already += 1;
      return;
    }
    if (!journal) {
      this.#result.copied += 1;
      this.#result.copied_bytes += blob.sizeBytes;
      return;
    }
    try {
      await this.#copied(blob, thereBytes !== undefined, isThere);
      journal.add(blob);
    } catch (error) {
      if (!(error instanceof StudioError) || error.code !== 'file_not_found') throw error;
      if (await this.#parts.source.blobs.stat(blob.key)) throw error;
      this.#result.gone += 1;
    }
  }

  async #copied({ key }: Listed, isTaken: boolean, mayBeEqual: boolean): Promise<void> {
    const { source, target } = this.#parts;
    if (mayBeEqual && (await hashOf(source.blobs, key)) === (await hashOf(target.blobs, key))) {
      this.#result.already += 1;
      return;
    }
    if (isTaken) {
      const aside = await target.blobs.setAside(key, today());
      if (aside !== null) this.#result.set_aside.push(aside);
    }
    const { sizeBytes, sha256 } = await target.blobs.put(key, await source.blobs.stream(key));
    if ((await hashOf(target.blobs, key)) !== sha256) throw notEqual(key, target.name);
    this.#result.copied += 1;
    this.#result.copied_bytes += sizeBytes;
  }
}

async function hashOf(blobs: Blobs, key: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of (await blobs.stream(key)) as Readable) hash.update(chunk);
  return hash.digest('hex');
}

const unknownPlace = (name: string): StartProblem =>
  new StartProblem({
    en: `"${name}" is no place of files. Write disk for the data folder, or s3://bucket/prefix.`,
    zh: `“${name}”不是存放文件的位置。数据文件夹请写 disk，存储桶请写 s3://存储桶/前缀。`,
  });

const othersPlace = (name: string): StartProblem =>
  new StartProblem({
    en: `${name} has the files of another Limner. Name another bucket or prefix, or set LIMNER_DATA_DIR to the data folder of that Limner. Nothing was changed.`,
    zh: `${name} 中是另一个 Limner 的文件。请另写存储桶或前缀，或将 LIMNER_DATA_DIR 设为那个 Limner 的数据文件夹。没有改动任何内容。`,
  });

const samePlace = (name: string): StartProblem =>
  new StartProblem({
    en: `Both places are ${name}. Name another one to copy to.`,
    zh: `两个位置都是 ${name}。请另写一个目标位置。`,
  });

const noInstallation = (dataDir: string): StartProblem =>
  new StartProblem({
    en: `${dataDir} is not the data folder of a Limner. Set LIMNER_DATA_DIR to it, or start Limner on it once.`,
    zh: `${dataDir} 不是 Limner 的数据文件夹。请设置 LIMNER_DATA_DIR，或先用它启动一次 Limner。`,
  });

const notEqual = (key: string, place: string): StartProblem =>
  new StartProblem({
    en: `${key} was written to ${place} and read back with other bytes. The source is unchanged. Check that storage, then repeat the command.`,
    zh: `${key} 已写入 ${place}，但读回的内容不同。源文件没有改动。请检查该存储后重新执行命令。`,
  });

function interrupted(error: StudioError): StartProblem {
  const said = (language: 'en' | 'zh') => errorSentence(error.code, language, error.data);
  return new StartProblem(
    {
      en: `The copy has stopped: ${said('en')} Repeat the command; it goes on where it was.`,
      zh: `复制已中断：${said('zh')}重新执行命令即可从中断处继续。`,
    },
    { cause: error },
  );
}
