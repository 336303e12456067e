import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { uploadRemote } from '../uploads/remote-upload.ts';
import type { Uploads } from '../uploads/uploads.ts';
import { bind } from './bind.ts';
import { inField } from './in-field.ts';
import { fileNameOf, oneFile, readMultipart } from './multipart.ts';

/** In its own scope, so that only these routes accept multipart bodies. */
export async function uploadRoutes(app: FastifyInstance, { uploads }: Pick<Desk, 'uploads'>): Promise<void> {
  await app.register(async (scope) => addRoutes(scope, uploads));
}

async function addRoutes(app: FastifyInstance, uploads: Uploads): Promise<void> {
  const limitBytes = uploads.maxFileSizeBytes;
  await readMultipart(app, { fileSizeBytes: limitBytes, files: 1, fields: 10, fieldBytes: 1024 });

  bind(app, routes.upload, ({ caller, request }) =>
    oneFile(request, limitBytes, (part) => uploads.create(caller, part.file, fileNameOf(part))),
  );
  bind(app, routes.uploadFromUrl, ({ caller, body }) =>
    uploadRemote(caller, uploads, body.url).catch((error: unknown) => {
      throw inField(error, 'url');
    }),
  );
}
