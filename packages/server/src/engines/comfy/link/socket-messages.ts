/**
 * Parses messages of a ComfyUI socket. Texts are `{type, data}`; binary frames begin with an event code and carry
 * pictures. Unknown messages (newer versions, node packs) become null and are skipped.
 */
import { MAX_PREVIEW_BYTES } from './client-limits.ts';

export interface NodeProgress {
  value: number;
  max: number;
  finished: boolean;
}

export type ComfyMessage =
  /** Number of all prompts waiting and running on the server. The first such message confirms the registration. */
  | { type: 'status'; remaining: number; first: boolean }
  | { type: 'start'; prompt: string }
  | { type: 'cached'; prompt: string; nodes: string[] }
  /** A node starts. Right after connecting it has no prompt. */
  | { type: 'node'; prompt: string | null; node: string }
  | { type: 'progress'; prompt: string; nodes: Record<string, NodeProgress> }
  /** It left the worker: done, failed or interrupted. The history says which. */
  | { type: 'over'; prompt: string }
  /** Older previews name no prompt and belong to the running one. */
  | { type: 'preview'; prompt: string | null; mediaType: string; bytes: Buffer };

type Json = Record<string, unknown>;
const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

export function readText(text: string): ComfyMessage | null {
  const { type, data } = parsed(text);
  if (!isJson(data)) return null;
  if (type === 'status') return status(data);
  const prompt = textOf(data.prompt_id);
  if (type === 'executing') return executing(data, prompt);
  if (prompt === null) return null;
  switch (type) {
    case 'execution_start':
      return { type: 'start', prompt };
    case 'execution_cached':
      return { type: 'cached', prompt, nodes: Array.isArray(data.nodes) ? data.nodes.map(String) : [] };
    case 'progress':
      return typeof data.node === 'string'
        ? { type: 'progress', prompt, nodes: { [data.node]: tick(data) } }
        : null;
    case 'progress_state':
      return { type: 'progress', prompt, nodes: ticks(data.nodes) };
    case 'execution_success':
    case 'execution_error':
    case 'execution_interrupted':
      return { type: 'over', prompt };
    default:
      return null;
  }
}

function parsed(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : {};
  } catch {
    return {};
  }
}

function status(data: Json): ComfyMessage | null {
  const info = isJson(data.status) && isJson(data.status.exec_info) ? data.status.exec_info : {};
  return { type: 'status', remaining: Number(info.queue_remaining ?? 0), first: data.sid !== undefined };
}

function executing(data: Json, prompt: string | null): ComfyMessage | null {
  if (typeof data.node === 'string') return { type: 'node', prompt, node: data.node };
  return prompt === null ? null : { type: 'over', prompt };
}

const tick = (data: Json): NodeProgress => ({
  value: Number(data.value ?? 0),
  max: Number(data.max ?? 1),
  finished: data.state === 'finished',
});

const ticks = (nodes: unknown): Record<string, NodeProgress> =>
  Object.fromEntries(
    Object.entries(isJson(nodes) ? nodes : {})
      .filter((entry): entry is [string, Json] => isJson(entry[1]))
      .map(([id, data]) => [id, tick(data)]),
  );

const PREVIEW = 1;
const PREVIEW_WITH_METADATA = 4;

/** All numbers are big-endian unsigned 32-bit; the event code comes first. */
export function readBinary(frame: Buffer): ComfyMessage | null {
  if (frame.length < 8) return null;
  const event = frame.readUInt32BE(0);
  if (event === PREVIEW) return preview(null, frame.subarray(8));
  return event === PREVIEW_WITH_METADATA ? previewWithMetadata(frame) : null;
}

function previewWithMetadata(frame: Buffer): ComfyMessage | null {
  const end = 8 + frame.readUInt32BE(4);
  if (frame.length < end) return null;
  const meta = parsed(frame.toString('utf8', 8, end));
  return preview(textOf(meta.prompt_id), frame.subarray(end));
}

/** The type by the bytes, not by the server's name, because we serve them from our own address. */
function preview(prompt: string | null, bytes: Buffer): ComfyMessage | null {
  const mediaType = pictureTypeOf(bytes);
  if (mediaType === null || bytes.length > MAX_PREVIEW_BYTES) return null;
  return { type: 'preview', prompt, mediaType, bytes };
}

const SIGNATURES: readonly [mediaType: string, offset: number, signature: Buffer][] = [
  ['image/jpeg', 0, Buffer.from('ffd8ff', 'hex')],
  ['image/png', 0, Buffer.from('89504e470d0a1a0a', 'hex')],
  ['image/webp', 8, Buffer.from('WEBP')],
];

const pictureTypeOf = (bytes: Buffer): string | null =>
  SIGNATURES.find(([, offset, signature]) =>
    bytes.subarray(offset, offset + signature.length).equals(signature),
  )?.[0] ?? null;
