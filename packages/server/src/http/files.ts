/**
 * Pictures by name. A name is parsed into ids, and the row names the blob to send. An address from a client is never
 * joined to a folder.
 */
import path from 'node:path';
import { byteRoutes, type Caller, isPictureType, StudioError, safeFileName } from '@limner/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { UNKNOWN_PIXELS } from '../images/pixel-gate.ts';
import { type StoredPixels, Thumbnails, type ThumbWidth } from '../images/thumbnail.ts';
import { outputFile, parseOutputFile } from '../outputs/output-name.ts';
import type { Outputs, StoredOutput } from '../outputs/outputs.ts';
import type { Desk } from '../studio/desk.ts';
import { uploadName } from '../uploads/image-ref.ts';
import type { Uploads } from '../uploads/uploads.ts';
import { bindBytes } from './bind.ts';
import { type Sent, sendOrLink } from './send-blob.ts';

/** An upload's id is random and its bytes never change, so browsers may cache it without limit. */
const FOR_EVER = 'private, max-age=31536000, immutable';
/**
 * An output's address may come again with other bytes (a new studio starts at task 1), so browsers revalidate it. An
 * address with `?v=` and the task's version always has the same bytes and may be cached.
 */
const ASK_FIRST = 'private, no-cache';

/** Of a picture. */
type Found = Sent & StoredPixels;

type FileQuery = z.output<(typeof byteRoutes)['output']['query']>;

export function fileRoutes(
  app: FastifyInstance,
  { blobs, links, outputs, uploads }: Pick<Desk, 'blobs' | 'links' | 'outputs' | 'uploads'>,
): void {
  const thumbnails = new Thumbnails(blobs);

  async function send(
    found: Found,
    { w, download }: FileQuery,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    if (w !== undefined && !isPictureType(found.mediaType)) throw notFound(path.basename(found.key));
    if (w !== undefined) return sendOrLink({ blobs, links }, await small(found, w), request, reply);
    const saveAs = download === undefined || download === '0' ? undefined : found.saveAs;
    return sendOrLink({ blobs, links }, { ...found, saveAs }, request, reply);
  }

  /** A small copy of a video is one of its poster. */
  async function shown(caller: Caller, file: string, { v, w }: FileQuery): Promise<Found> {
    const found = await output(caller, outputs, file, v !== undefined);
    const name = parseOutputFile(file);
    if (w === undefined || !name || isPictureType(found.mediaType)) return found;
    const poster = await outputs.poster(caller, name);
    return poster ? foundOutput(poster, v !== undefined) : found;
  }

  async function small(found: Found, width: ThumbWidth): Promise<Sent> {
    const key = await thumbnails.of(found, width);
    const tag = `${found.tag}-w${width}`;
    return { key, tag, mediaType: 'image/webp', cacheControl: found.cacheControl };
  }

  bindBytes(app, byteRoutes.output, async ({ caller, params, query, request, reply }) =>
    send(await shown(caller, params.file, query), query, request, reply),
  );
  bindBytes(app, byteRoutes.uploaded, async ({ caller, params, query, request, reply }) =>
    send(await upload(caller, uploads, params.file), query, request, reply),
  );
}

/** By key or by id, which differ for cut-outs; with the real file extension. */
async function output(caller: Caller, outputs: Outputs, file: string, versioned: boolean): Promise<Found> {
  const name = parseOutputFile(file);
  const found = name && (await outputs.find(caller, name));
  const names =
    found && name ? [path.basename(found.file), outputFile(name, path.extname(found.file).slice(1))] : [];
  if (!found || !name || !names.includes(file)) throw notFound(file);
  return foundOutput(found, versioned);
}

const foundOutput = (found: StoredOutput, versioned: boolean): Found => ({
  key: found.file,
  pixels: found.pixels ?? UNKNOWN_PIXELS,
  mediaType: found.mediaType,
  tag: `${found.createdMs.toString(36)}-${found.sizeBytes.toString(36)}`,
  cacheControl: versioned ? FOR_EVER : ASK_FIRST,
  saveAs: found.fileName,
});

async function upload(caller: Caller, uploads: Uploads, file: string): Promise<Found> {
  const name = uploadName(file);
  const row = name && (await uploads.find(caller, name.upload));
  // By its id alone, or with the real file extension.
  if (!row || ![row.file, `uploads/${row.id}`].includes(`uploads/${file}`)) throw notFound(file);
  const saveAs = safeFileName(row.name.replace(/\.\w{1,5}$/, '') + path.extname(row.file));
  return {
    key: row.file,
    pixels: row.width * row.height,
    mediaType: row.media_type,
    tag: row.sha256,
    cacheControl: FOR_EVER,
    saveAs,
  };
}

const notFound = (name: string) => new StudioError('file_not_found', { data: { name } });
