/** What all routes with multipart bodies share: the parser, and what is done with a body that is not read to its end. */
import multipart, { type MultipartFile } from '@fastify/multipart';
import { StudioError } from '@limner/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fileTooLarge } from '../uploads/receive.ts';
import { inField } from './in-field.ts';

export interface FormLimits {
  fileSizeBytes: number;
  files: number;
  fields: number;
  fieldBytes: number;
}

/** Of this scope only: elsewhere multipart bodies are refused. */
export async function readMultipart(
  app: FastifyInstance,
  { fileSizeBytes, files, fields, fieldBytes }: FormLimits,
): Promise<void> {
  await app.register(multipart, {
    limits: {
      // One byte more than allowed, so that a file over the limit is detected and not truncated.
      fileSize: fileSizeBytes + 1,
      files,
      fields,
      fieldSize: fieldBytes,
      parts: files + fields + 1,
      headerPairs: 50,
    },
    throwFileSizeLimit: false,
  });
}

/** Size of a multipart body besides its file: boundaries, headers, a long file name. */
const ENVELOPE_BYTES = 16 * 1024;

/** The one file of a request, in the field `file`. Refusals of it name that field. */
export async function oneFile<T>(
  request: FastifyRequest,
  limitBytes: number,
  use: (part: MultipartFile) => Promise<T>,
): Promise<T> {
  if (!request.isMultipart())
    throw new StudioError('unsupported_body', { data: { expected: 'multipart/form-data' } });
  if (Number(request.headers['content-length'] ?? 0) > limitBytes + ENVELOPE_BYTES)
    throw fileTooLarge(limitBytes);
  try {
    return await use(await filePart(request));
  } catch (error) {
    if (isCutShort(error)) throw new StudioError('file_broken', { field: 'file', cause: error });
    if (error instanceof StudioError && error.field !== undefined) throw error;
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

/** Empty for a part that was sent as a file without a name, whatever its type says. */
export const fileNameOf = ({ filename }: { filename?: string }): string => filename ?? '';

/** The content type names no boundary, or a wrong one. */
export const isWithoutBoundary = (error: unknown): boolean =>
  error instanceof Error && /boundary not found/i.test(error.message);

/** The body ended before its last boundary. */
export const isCutShort = (error: unknown): boolean =>
  error instanceof Error && /unexpected end|premature close/i.test(error.message);
