/** One blob as an answer: validators, ranges, HEAD and the name it is saved under. */
import { StudioError } from '@limner/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { attachment } from '../storage/attachment.ts';
import type { Blobs } from '../storage/blobs.ts';
import type { PublicLinks } from '../storage/public-links.ts';
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

/**
 * Sends the browser to the file where it may load it itself. Scripts that read the bytes get them from Limner, because
 * another origin would have to allow that (`sec-fetch-mode: cors`, also of pictures that a canvas reads). A signed address
 * is for GET alone.
 */
export async function sendOrLink(
  { blobs, links }: { blobs: Blobs; links: PublicLinks | null },
  sent: Sent,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  if (!links) return sendBlob(blobs, sent, request, reply);
  reply.header('vary', [reply.getHeader('vary'), 'sec-fetch-mode'].filter(Boolean).join(', '));
  const mode = request.headers['sec-fetch-mode'];
  const isShown = mode === undefined || mode === 'no-cors' || mode === 'navigate';
  const link = request.method === 'GET' && isShown ? await links.of(sent) : null;
  if (!link) return sendBlob(blobs, sent, request, reply);
  // The file behind an address without a version may be replaced, and then has another link.
  const cacheControl = /max-age/.test(sent.cacheControl)
    ? `private, max-age=${link.validS}`
    : 'private, no-cache';
  return reply.headers({ location: link.url, 'cache-control': cacheControl }).status(302).send();
}

export async function sendBlob(
  blobs: Pick<Blobs, 'stat' | 'stream'>,
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
