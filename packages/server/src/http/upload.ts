import multipart, { type MultipartFile } from '@fastify/multipart';
import { StudioError, type Upload } from '@limner/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Studio } from '../studio.ts';
import { fileTooLarge, type Uploads } from '../uploads/uploads.ts';
import { bind } from './bind.ts';

/** What a multipart body has around its file: boundaries, headers, a long file name. */
const ENVELOPE_BYTES = 16 * 1024;

export async function uploadRoutes(
  app: FastifyInstance,
  { uploads }: Pick<Studio, 'uploads'>,
): Promise<void> {
  const limitBytes = uploads.maxFileSizeBytes;
  await app.register(multipart, {
    // One byte more than allowed, so that a file over the limit is seen as one and not cut to fit.
    limits: { fileSize: limitBytes + 1, files: 1, fields: 10, fieldSize: 1024, parts: 12, headerPairs: 50 },
    throwFileSizeLimit: false,
  });

  bind(app, 'upload', async ({ request }) => {
    if (!request.isMultipart())
      throw new StudioError('unsupported_body', { data: { expected: 'multipart/form-data' } });
    if (Number(request.headers['content-length'] ?? 0) > limitBytes + ENVELOPE_BYTES)
      throw fileTooLarge(limitBytes);
    return receive(request, uploads);
  });
}

async function receive(request: FastifyRequest, uploads: Uploads): Promise<Upload> {
  const part = await filePart(request);
  try {
    return await uploads.create(part.file, part.filename);
  } catch (error) {
    // Read on, so that the connection can carry the answer and the next request.
    part.file.resume();
    throw isCutShort(error) ? new StudioError('file_broken', { field: 'file', cause: error }) : error;
  }
}

/** The body ended before its last boundary. */
const isCutShort = (error: unknown) =>
  error instanceof Error && /unexpected end|premature close/i.test(error.message);

async function filePart(request: FastifyRequest): Promise<MultipartFile> {
  try {
    const part = await request.file();
    if (part?.fieldname === 'file') return part;
    part?.file.resume();
  } catch (cause) {
    throw new StudioError('file_missing', { field: 'file', cause });
  }
  throw new StudioError('file_missing', { field: 'file' });
}
