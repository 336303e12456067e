/** What all routes with multipart bodies share: the parser, and what is done with a body that is not read to its end. */
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';

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

/** Empty for a part that was sent as a file without a name, whatever its type says. */
export const fileNameOf = ({ filename }: { filename?: string }): string => filename ?? '';

/**
 * Reads and drops the rest of a refused body. Unread, it would block the connection's next request until a time-out.
 * The parser does not do this after its file is closed.
 */
export function readOn({ raw }: FastifyRequest): void {
  raw.unpipe();
  raw.resume();
}

/** The content type names no boundary, or a wrong one. */
export const isWithoutBoundary = (error: unknown): boolean =>
  error instanceof Error && /boundary not found/i.test(error.message);

/** The body ended before its last boundary. */
export const isCutShort = (error: unknown): boolean =>
  error instanceof Error && /unexpected end|premature close/i.test(error.message);
