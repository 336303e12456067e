/** Makes sprite sheets and animated files of pictures, in the server's own process: encoders work in threads of libvips. */
import { mkdtemp, readdir, rm, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import {
  type AnimationFormat,
  type Bilingual,
  type EngineHealth,
  type Family,
  type FrameRecipe,
  type Missing,
  type RecipeAnimation,
  StudioError,
} from '@limner/contract';
import { encodeRaster } from '../../images/stack.ts';
import { StoredZip } from '../../outputs/stored-zip.ts';
import { builtInHealth } from '../built-in-health.ts';
import type { Engine, EngineOutput, FrameContext, Lane } from '../engine.ts';
import { modelsMissing } from '../models-missing.ts';
import { USUAL_SILENCE_MS, USUAL_TRIES } from '../policy.ts';
import { familyNotFound, unknownFamily } from '../unknown-family.ts';
import { writeApng } from './apng.ts';
import type { Clip } from './clip.ts';
import { ANIMATION_FAMILY, animationFamilies, WEBM_FAMILY } from './families.ts';
import { fittingSheet } from './fitting-sheet.ts';
import { type CutOut, type Prepared, preparedFrames } from './frame-source.ts';
import { writeGif } from './gif.ts';
import { godotSpriteFrames, type SheetFacts, sheetFileName, texturePackerJson } from './sheet-files.ts';
import { writeSheet } from './sheet-png.ts';
import { Spool } from './spool.ts';
import { summaryOf } from './summary.ts';
import { ffmpegIn, NO_FFMPEG, writeWebm } from './webm.ts';
import { writeWebp } from './webp.ts';

export interface AnimationEngineOptions {
  cutOut: CutOut;
  /** Folders in which programs lie, as PATH has them. */
  searchPath: string;
}

const TRY_FOLDER = 'animation-';

/** What an animation is made in. */
interface Work {
  animation: RecipeAnimation;
  prepared: Prepared;
  clip: Clip;
  folder: string;
  signal: AbortSignal;
}

type Made = Omit<EngineOutput, 'provenance'>;

export class AnimationEngine implements Engine {
  readonly id = 'animation';
  readonly label: Bilingual = { en: 'Animations (built in)', zh: '动画（内置）' };
  readonly preference = 10;
  readonly lanes: Lane[] = [{ id: 'animation', kinds: ['animation'], maxTasks: 1 }];
  readonly silenceMs = USUAL_SILENCE_MS;
  readonly tries = USUAL_TRIES;
  readonly #options: AnimationEngineOptions;
  #running = 0;

  constructor(options: AnimationEngineOptions) {
    this.#options = options;
  }

  families(): Family[] {
    return animationFamilies;
  }

  supports({ family }: FrameRecipe): Missing[] {
    return this.missing(family);
  }

  missing(family: string): Missing[] {
    if (family === ANIMATION_FAMILY) return [];
    if (family !== WEBM_FAMILY) return [unknownFamily(family)];
    return this.#ffmpeg() === null ? [NO_FFMPEG] : [];
  }

  slots(): number {
    return 1;
  }

  async run(frame: FrameRecipe, ctx: FrameContext): Promise<EngineOutput[]> {
    const { animation, references, family } = frame;
    if (!animationFamilies.some(({ id }) => id === family)) throw familyNotFound(family);
    if (!animation || references.length === 0) throw new StudioError('animation_empty', { field: 'frames' });
    ctx.signal.throwIfAborted();
    this.#running++;
    const runFolder = await ctx.run.workDir();
    await removeEarlier(runFolder);
    // Of this try alone: another worker may have taken the task over while this one still writes.
    const folder = await mkdtemp(join(runFolder, TRY_FOLDER));
    const remove = async () => {
      await rm(folder, { recursive: true, force: true });
      // Not while another try has a folder there.
      await rmdir(runFolder).catch(() => undefined);
    };
    try {
      const { cutOut } = this.#options;
      const prepared = await preparedFrames({ references, animation }, ctx, { folder, cutOut });
      const { fps, loop, quality } = animation;
      const clip = {
        ...prepared.cell,
        count: references.length,
        fps,
        loop,
        quality,
        frames: prepared.frames,
      };
      const work = { animation, prepared, clip, folder, signal: ctx.signal };
      const outputs = await this.#make(work);
      // Nobody would read them.
      if (ctx.signal.aborted) for (const { body } of outputs) if (!Buffer.isBuffer(body)) body.destroy();
      ctx.signal.throwIfAborted();
      void removeWhenRead(outputs, remove);
      const provenance = { engine: this.id, family, summary: summaryOf(animation, clip), details: {} };
      return outputs.map((output) => ({ ...output, provenance }));
    } catch (error) {
      await remove();
      throw error;
    } finally {
      this.#running--;
    }
  }

  #make(work: Work): Promise<Made[]> {
    const { format } = work.animation;
    if (format === 'sheet') return sheet(work);
    if (format === 'webm') return this.#webm(work);
    return animated(work, format);
  }

  async #webm({ clip, folder, signal }: Work): Promise<Made[]> {
    const ffmpeg = this.#ffmpeg();
    if (ffmpeg === null) throw modelsMissing(this.label, [NO_FFMPEG]);
    const file = join(folder, 'animation.webm');
    let poster: Buffer | null = null;
    const frames = async function* () {
      for await (const frame of clip.frames()) {
        poster ??= await encodeRaster(frame);
        yield frame;
      }
    };
    await writeWebm(ffmpeg, file, { ...clip, frames }, signal);
    const { width, height } = clip;
    const video: Made = {
      body: await Spool.reader(file),
      mediaType: 'video/webm',
      width,
      height,
      durationMs: durationMs(clip),
      fps: clip.fps,
    };
    return [video, ...(poster ? [{ body: poster, mediaType: 'image/png', role: 'poster' } as const] : [])];
  }

  #ffmpeg(): string | null {
    return ffmpegIn(this.#options.searchPath);
  }

  async health(): Promise<EngineHealth[]> {
    return [
      builtInHealth({
        id: this.id,
        label: this.label,
        status: this.#running > 0 ? 'busy' : 'ready',
        running: this.#running,
        families: animationFamilies.map(({ id }) => id),
        // What WebM needs is said where it is chosen: nobody has to cure what they do not use.
        missing: [],
        note: null,
      }),
    ];
  }

  async close(): Promise<void> {}
}

const WRITERS: Record<
  Exclude<AnimationFormat, 'sheet' | 'webm'>,
  { mediaType: string; write(spool: Spool, clip: Clip): Promise<void> }
> = {
  gif: { mediaType: 'image/gif', write: writeGif },
  webp: { mediaType: 'image/webp', write: writeWebp },
  apng: { mediaType: 'image/apng', write: writeApng },
};

async function animated({ clip, folder }: Work, format: keyof typeof WRITERS): Promise<Made[]> {
  const { mediaType, write } = WRITERS[format];
  const path = join(folder, `animation.${format}`);
  await written(path, (spool) => write(spool, clip));
  const { width, height } = clip;
  return [
    { body: await Spool.reader(path), mediaType, width, height, durationMs: durationMs(clip), fps: clip.fps },
  ];
}

/** The sheet, and an archive of it with the files that engines read: they name each other. */
async function sheet({ animation, prepared, clip, folder }: Work): Promise<Made[]> {
  const layout = fittingSheet(clip.count, prepared.cell, animation);
  const path = join(folder, 'sheet.png');
  const rowFile = join(folder, 'row.rgba');
  await written(path, (spool) => writeSheet(spool, layout, { frames: clip.frames(), rowFile }));
  const { width, height } = layout;
  const { name, fps, loop } = animation;
  const archive = await archiveOf(path, { ...prepared, name, fps, loop, layout });
  return [
    { body: await Spool.reader(path), mediaType: 'image/png', role: 'sheet', width, height },
    { body: archive, mediaType: 'application/zip', role: 'archive' },
  ];
}

async function archiveOf(sheetPath: string, facts: SheetFacts) {
  const file = sheetFileName(facts.name);
  const mtime = new Date();
  const zip = new StoredZip();
  zip.add({
    name: `${file}.png`,
    mtime,
    sizeBytes: (await stat(sheetPath)).size,
    open: () => Spool.reader(sheetPath),
  });
  zip.addBytes(`${file}.json`, Buffer.from(texturePackerJson(facts)), mtime);
  zip.addBytes(`${file}.tres`, Buffer.from(godotSpriteFrames(facts)), mtime);
  return (await zip.end()).stream;
}

/** Folders of tries whose process died. A try that still writes has lost the task, and nobody would read its files. */
async function removeEarlier(runFolder: string): Promise<void> {
  for (const name of await readdir(runFolder))
    if (name.startsWith(TRY_FOLDER)) await rm(join(runFolder, name), { recursive: true, force: true });
}

async function written(path: string, write: (spool: Spool) => Promise<void>): Promise<void> {
  const spool = await Spool.create(path);
  try {
    await write(spool);
  } finally {
    await spool.close();
  }
}

const durationMs = ({ count, fps }: Clip): number => Math.round((1000 * count) / fps);

/** They are read from files of the folder. */
async function removeWhenRead(outputs: readonly Made[], remove: () => Promise<void>): Promise<void> {
  const streams = outputs.flatMap(({ body }) => (Buffer.isBuffer(body) ? [] : [body]));
  await Promise.allSettled(streams.map((stream) => finished(stream)));
  await remove().catch(() => undefined);
}
