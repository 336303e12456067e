/**
 * The header of WebM and Matroska files (RFC 9559): elements of an id, a size and content, both numbers of one to eight
 * bytes whose first byte says how many. Facts and tracks lie before the frames.
 */
import { durationOf, MAX_FACT, type ReadAt, rateOf, type VideoFacts } from './video-header.ts';

/** What is read of the beginning; encoders leave a few kilobytes before the frames. */
const HEAD_BYTES = 2 ** 20;

const SEGMENT = 0x18538067;
const INFO = 0x1549a966;
const SCALE = 0x2ad7b1;
const DURATION = 0x4489;
const TRACKS = 0x1654ae6b;
const TRACK = 0xae;
const FRAME_NS = 0x23e383;
const VIDEO = 0xe0;
const WIDTH = 0xb0;
const HEIGHT = 0xba;

const USUAL_SCALE_NS = 1_000_000;

interface Element {
  id: number;
  /** Of the content. */
  start: number;
  end: number;
}

export async function matroskaFacts(read: ReadAt): Promise<VideoFacts | null> {
  const head = await read(0, HEAD_BYTES);
  const top = [...elementsIn(head, 0, head.length)];
  const parts = childrenOf(
    head,
    top.find(({ id }) => id === SEGMENT),
  );
  const tracks = childrenOf(
    head,
    parts.find(({ id }) => id === TRACKS),
  )
    .filter(({ id }) => id === TRACK)
    .map((track) => childrenOf(head, track));
  const isVideo = ({ id }: Element) => id === VIDEO;
  const track = tracks.find((fields) => fields.some(isVideo)) ?? [];
  const fields = childrenOf(head, track.find(isVideo));
  const width = numberIn(
    head,
    fields.find(({ id }) => id === WIDTH),
  );
  const height = numberIn(
    head,
    fields.find(({ id }) => id === HEIGHT),
  );
  if (!width || !height || Math.max(width, height) > MAX_FACT) return null;
  return {
    width,
    height,
    durationMs: durationIn(
      head,
      parts.find(({ id }) => id === INFO),
    ),
    fps: rateOf(
      1e9 /
        (numberIn(
          head,
          track.find(({ id }) => id === FRAME_NS),
        ) ?? 0),
    ),
  };
}

function durationIn(head: Buffer, info: Element | undefined): number | null {
  const fields = childrenOf(head, info);
  const duration = fields.find(({ id }) => id === DURATION);
  if (!duration) return null;
  const scaleNs =
    numberIn(
      head,
      fields.find(({ id }) => id === SCALE),
    ) ?? USUAL_SCALE_NS;
  const isDouble = duration.end - duration.start === 8;
  const ticks = isDouble ? head.readDoubleBE(duration.start) : head.readFloatBE(duration.start);
  return durationOf((ticks * scaleNs) / 1_000_000);
}

const childrenOf = (head: Buffer, parent: Element | undefined): Element[] =>
  parent ? [...elementsIn(head, parent.start, Math.min(parent.end, head.length))] : [];

/** Ends at the first one that is incomplete. */
function* elementsIn(head: Buffer, start: number, end: number): Generator<Element> {
  for (let at = start; at < end; ) {
    const idBytes = bytesOf(head[at]);
    const sizeBytes = bytesOf(head[at + idBytes]);
    const content = at + idBytes + sizeBytes;
    if (idBytes === 0 || idBytes > 4 || sizeBytes === 0 || content > end) return;
    const size = sizeAt(head, at + idBytes, sizeBytes);
    const element = {
      id: head.readUIntBE(at, idBytes),
      start: content,
      end: content + (size ?? end - content),
    };
    yield element;
    at = element.end;
  }
}

/** The number of leading zero bits plus one; 0: no such number, or the end. */
const bytesOf = (first = 0): number => (first === 0 ? 0 : Math.clz32(first) - 23);

/** All bits set: unknown, to the end of the parent. */
function sizeAt(head: Buffer, at: number, bytes: number): number | null {
  let value = (head[at] ?? 0) & ((1 << (8 - bytes)) - 1);
  let isUnknown = value === (1 << (8 - bytes)) - 1;
  for (const byte of head.subarray(at + 1, at + bytes)) {
    value = value * 256 + byte;
    isUnknown &&= byte === 255;
  }
  return isUnknown ? null : value;
}

function numberIn(head: Buffer, element: Element | undefined): number | null {
  if (!element || element.end > head.length || element.end - element.start > 6) return null;
  return element.end === element.start ? 0 : head.readUIntBE(element.start, element.end - element.start);
}
