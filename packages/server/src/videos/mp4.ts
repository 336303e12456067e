/**
 * The header of MP4 and QuickTime files (ISO/IEC 14496-12): boxes of a 32-bit size, a type of four letters and content,
 * which may be boxes again. `moov` may lie before or after the frames, so boxes are skipped by their size.
 */
import { durationOf, type ReadAt, rateOf, type VideoFacts } from './video-header.ts';

/** Of hours of video; a larger one is not read into memory. */
const MAX_MOOV_BYTES = 64 * 2 ** 20;
/** Before `moov`; writers put a handful there. Each costs a read. */
const MAX_BOXES = 1_000;

interface Box {
  type: string;
  /** Of the content. */
  start: number;
  end: number;
}

export async function mp4Facts(read: ReadAt, sizeBytes: number): Promise<VideoFacts | null> {
  const moov = await findMoov(read, sizeBytes);
  if (!moov || moov.end > sizeBytes || moov.end - moov.start > MAX_MOOV_BYTES) return null;
  return factsIn(await read(moov.start, moov.end - moov.start));
}

async function findMoov(read: ReadAt, sizeBytes: number): Promise<Box | null> {
  let at = 0;
  for (let count = 0; at < sizeBytes && count < MAX_BOXES; count += 1) {
    const box = boxAt(await read(at, 16), 0, sizeBytes - at);
    if (!box) return null;
    const { type, start, end } = box;
    if (type === 'moov') return { type, start: at + start, end: at + end };
    at += end;
  }
  return null;
}

/** Size 1: 64 bits follow; size 0: to the end of the file. */
function boxAt(bytes: Buffer, at: number, room: number): Box | null {
  if (bytes.length < at + 8) return null;
  const short = bytes.readUInt32BE(at);
  const type = bytes.toString('latin1', at + 4, at + 8);
  const header = short === 1 ? 16 : 8;
  if (bytes.length < at + header) return null;
  const size = short === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : short === 0 ? room : short;
  return size < header ? null : { type, start: at + header, end: at + size };
}

function* boxesIn(bytes: Buffer, start = 0, end = bytes.length): Generator<Box> {
  for (let at = start; at < end; ) {
    const box = boxAt(bytes, at, end - at);
    if (!box || box.end > end) return;
    yield box;
    at = box.end;
  }
}

const child = (bytes: Buffer, parent: Box | undefined, type: string): Box | undefined =>
  parent && [...boxesIn(bytes, parent.start, parent.end)].find((box) => box.type === type);

function factsIn(moov: Buffer): VideoFacts | null {
  const boxes = [...boxesIn(moov)];
  const track = boxes.find((box) => box.type === 'trak' && isVideo(moov, box));
  const size = track && sizeIn(moov, child(moov, track, 'tkhd'));
  if (!size || size.width === 0 || size.height === 0) return null;
  const header = boxes.find(({ type }) => type === 'mvhd');
  return { ...size, durationMs: header ? durationIn(moov, header) : null, fps: rateIn(moov, track) };
}

function isVideo(moov: Buffer, track: Box): boolean {
  const handler = child(moov, child(moov, track, 'mdia'), 'hdlr');
  return handler !== undefined && moov.toString('latin1', handler.start + 8, handler.start + 12) === 'vide';
}

/** From `stts`, runs of frames of one length in units of the track's own clock. */
function rateIn(moov: Buffer, track: Box): number | null {
  const media = child(moov, track, 'mdia');
  const clock = child(moov, media, 'mdhd');
  const runs = child(moov, child(moov, child(moov, media, 'minf'), 'stbl'), 'stts');
  if (!clock || !runs) return null;
  const scale = moov.readUInt32BE(clock.start + (isLong(moov, clock) ? 20 : 12));
  const [first, end] = [
    runs.start + 8,
    Math.min(runs.end, runs.start + 8 + moov.readUInt32BE(runs.start + 4) * 8),
  ];
  let frames = 0;
  let length = 0;
  for (let at = first; at + 8 <= end; at += 8) {
    frames += moov.readUInt32BE(at);
    length += moov.readUInt32BE(at) * moov.readUInt32BE(at + 4);
  }
  return length > 0 ? rateOf((frames * scale) / length) : null;
}

/** Version 1 has 64-bit times. */
const isLong = (moov: Buffer, { start }: Box): boolean => moov.readUInt8(start) === 1;

/** The last two fields, as 16.16 fixed point. */
function sizeIn(moov: Buffer, header: Box | undefined) {
  if (!header) return undefined;
  const at = header.start + (isLong(moov, header) ? 88 : 76);
  return { width: moov.readUInt32BE(at) >>> 16, height: moov.readUInt32BE(at + 4) >>> 16 };
}

function durationIn(moov: Buffer, header: Box): number | null {
  const long = isLong(moov, header);
  const at = header.start + (long ? 20 : 12);
  const scale = moov.readUInt32BE(at);
  const duration = long ? Number(moov.readBigUInt64BE(at + 4)) : moov.readUInt32BE(at + 4);
  return scale > 0 ? durationOf((duration / scale) * 1000) : null;
}
