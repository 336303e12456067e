/**
 * Writes WebM with alpha. Limner has no encoder of its own for it: the program ffmpeg does it, if the machine has it. It
 * receives raw pixels that Limner decoded, never a file of a user.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Missing, StudioError } from '@limner/contract';
import type { Clip } from './clip.ts';

const NAMES = ['ffmpeg', 'ffmpeg.exe'];
const STDERR_KEPT_CHARS = 2_000;
/** Of VP9, 0 to 63: lower is nearer to the frames. */
const NEAR_LOSSLESS = 10;

/** The program in a list of folders such as PATH; null: none has it. */
export function ffmpegIn(searchPath: string): string | null {
  const candidates = searchPath
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export const NO_FFMPEG: Missing = {
  what: 'package',
  name: 'ffmpeg',
  cure: {
    en: 'WebM with transparency is encoded by the program ffmpeg. Install it on the machine that Limner runs on (for example: apt install ffmpeg, brew install ffmpeg, winget install ffmpeg), so that it is on the PATH, and restart Limner. WebP and APNG need nothing and have transparency too.',
    zh: '带透明通道的 WebM 由 ffmpeg 程序编码。请在运行画匠的机器上安装它（如 apt install ffmpeg、brew install ffmpeg、winget install ffmpeg），确保其位于 PATH 中，然后重启画匠。WebP 和 APNG 无需安装即可使用，同样支持透明。',
  },
};

/** @throws StudioError `encoder_failed`; the signal's reason */
export async function writeWebm(
  ffmpeg: string,
  file: string,
  clip: Clip,
  signal: AbortSignal,
): Promise<void> {
  const child = spawn(ffmpeg, argumentsFor(file, clip), { stdio: ['pipe', 'ignore', 'pipe'], signal });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-STDERR_KEPT_CHARS);
  });
  // Of writing to a program that has ended; its exit says why.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
  const feeding = feed(child.stdin, clip);
  const [exit] = await Promise.allSettled([ended, feeding.catch((error) => stop(child, error))]);
  signal.throwIfAborted();
  await feeding;
  if (exit.status === 'rejected') throw failed(String(exit.reason?.message ?? exit.reason));
  if (exit.value !== 0) throw failed(said.trim().split('\n').at(-1) ?? `exit code ${exit.value}`);
}

function stop(child: ReturnType<typeof spawn>, error: unknown): never {
  child.kill();
  throw error;
}

async function feed(input: NodeJS.WritableStream & { destroyed?: boolean }, clip: Clip): Promise<void> {
  for await (const { rgba } of clip.frames()) {
    if (input.destroyed) return;
    await new Promise<void>((resolve) => input.write(rgba, () => resolve()));
  }
  input.end();
}

function argumentsFor(file: string, { width, height, fps, quality }: Clip): string[] {
  const crf = quality === null ? NEAR_LOSSLESS : Math.round(63 - 0.59 * quality);
  return [
    ...['-hide_banner', '-loglevel', 'error', '-y'],
    ...[
      '-f',
      'rawvideo',
      '-pixel_format',
      'rgba',
      '-video_size',
      `${width}x${height}`,
      '-framerate',
      String(fps),
      '-i',
      'pipe:0',
    ],
    // Alpha is lost with alternate reference frames.
    ...['-c:v', 'libvpx-vp9', '-pix_fmt', 'yuva420p', '-auto-alt-ref', '0', '-crf', String(crf), '-b:v', '0'],
    ...['-f', 'webm', file],
  ];
}

const failed = (reason: string) => new StudioError('encoder_failed', { data: { encoder: 'ffmpeg', reason } });
