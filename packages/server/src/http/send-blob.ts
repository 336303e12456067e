/** One blob as an answer: validators, ranges, HEAD and the name it is saved under. */
import { StudioError } from '@limner/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Blobs } from '../storage/blobs.ts';
import { byteRange } from './range.ts';

export interface Sent {
  key: string;
  mediaType: string;
  /** Changes whenever the bytes do. */
  tag: string;
  cacheControl: string;
  /** If given, the browser saves the blob under this name. */
  saveAs?: string;
}

export async function sendBlob(
  blobs: Blobs,
  sent: Sent,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const stat = await blobs.stat(sent.key);
  if (!stat) throw new StudioError('file_not_found', { data: { name: sent.key.split('/').at(-1) } });
  const etag = `"${sent.tag}"`;
  reply.headers({
    etag,
    'cache-control': sent.cacheControl,
    'accept-ranges': 'bytes',
    'last-modified': new Date(stat.modifiedMs).toUTCString(),
  });
  if (sent.saveAs !== undefined) reply.header('content-disposition', attachment(sent.saveAs));
  if (matches(request.headers['if-none-match'], etag)) return reply.status(304).send();

  reply.type(sent.mediaType);
  const range = wantsWhole(request, etag) ? null : byteRange(request.headers.range, stat.sizeBytes);
  if (range === 'unsatisfiable')
    return reply.status(416).header('content-range', `bytes */${stat.sizeBytes}`).send();
  if (range) reply.status(206).header('content-range', `bytes ${range.start}-${range.end}/${stat.sizeBytes}`);
  reply.header('content-length', range ? range.end - range.start + 1 : stat.sizeBytes);
  return request.method === 'HEAD'
    ? reply.send()
    : reply.send(await blobs.stream(sent.key, range ?? undefined));
}

function matches(header = '', etag: string): boolean {
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}

/** A client that resumes names the version of its first part; if the version differs, it needs the whole file. */
function wantsWhole(request: FastifyRequest, etag: string): boolean {
  const ifRange = request.headers['if-range'];
  return ifRange !== undefined && ifRange !== etag;
}

export function attachment(name: string): string {
  const plain = name.replace(/[^\w.-]+/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
