import type { MultipartFile } from '@fastify/multipart';
import { type Caller, routes, StudioError, type Upload } from '@limner/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { uploadRemote } from '../uploads/remote-upload.ts';
import { fileTooLarge, type Uploads } from '../uploads/uploads.ts';
import { bind } from './bind.ts';
import { inField } from './in-field.ts';
import { fileNameOf, isCutShort, readMultipart, readOn } from './multipart.ts';

/** Size of a multipart body besides its file: boundaries, headers, a long file name. */
const ENVELOPE_BYTES = 16 * 1024;

/** In its own scope, so that only these routes accept multipart bodies. */
export async function uploadRoutes(app: FastifyInstance, { uploads }: Pick<Desk, 'uploads'>): Promise<void> {
  await app.register(async (scope) => addRoutes(scope, uploads));
}

async function addRoutes(app: FastifyInstance, uploads: Uploads): Promise<void> {
  const limitBytes = uploads.maxFileSizeBytes;
  await readMultipart(app, { fileSizeBytes: limitBytes, files: 1, fields: 10, fieldBytes: 1024 });

  bind(app, routes.upload, async ({ caller, request }) => {
    if (!request.isMultipart())
      throw new StudioError('unsupported_body', { data: { expected: 'multipart/form-data' } });
    if (Number(request.headers['content-length'] ?? 0) > limitBytes + ENVELOPE_BYTES)
      throw fileTooLarge(limitBytes);
    return receive(caller, request, uploads);
  });
  bind(app, routes.uploadFromUrl, ({ caller, body }) =>
    uploadRemote(caller, uploads, body.url).catch((error: unknown) => {
      throw inField(error, 'url');
    }),
  );
}

async function receive(caller: Caller, request: FastifyRequest, uploads: Uploads): Promise<Upload> {
  try {
    const part = await filePart(request);
    return await uploads.create(caller, part.file, fileNameOf(part));
  } catch (error) {
    readOn(request);
    if (isCutShort(error)) throw new StudioError('file_broken', { field: 'file', cause: error });
    throw inField(error, 'file');
  }
}

async function filePart(request: FastifyRequest): Promise<MultipartFile> {
  try {
    const part = await request.file();
    if (part?.fieldname === 'file') return part;
  } catch (cause) {
    throw new StudioError('file_missing', { field: 'file', cause });
  }
  throw new StudioError('file_missing', { field: 'file' });
}
