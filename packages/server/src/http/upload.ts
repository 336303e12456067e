import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import type { LoraStyles } from '../styles/lora-styles.ts';
import { uploadRemote } from '../uploads/remote-upload.ts';
import type { Uploads } from '../uploads/uploads.ts';
import { bind } from './bind.ts';
import { inField } from './in-field.ts';
import { fileNameOf, oneFile, readMultipart } from './multipart.ts';

/** In its own scope, so that only these routes accept multipart bodies. */
export async function uploadRoutes(
  app: FastifyInstance,
  { uploads, loraStyles }: Pick<Desk, 'uploads' | 'loraStyles'>,
): Promise<void> {
  await app.register(async (scope) => addPictureRoutes(scope, uploads));
  await app.register(async (scope) => addLoraRoute(scope, loraStyles));
}

async function addPictureRoutes(app: FastifyInstance, uploads: Uploads): Promise<void> {
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

async function addLoraRoute(app: FastifyInstance, loraStyles: LoraStyles): Promise<void> {
  const { limitBytes } = loraStyles;
  await readMultipart(app, { fileSizeBytes: limitBytes, files: 1, fields: 10, fieldBytes: 1024 });

  bind(app, routes.createLoraStyle, ({ caller, query, request }) =>
    oneFile(request, limitBytes, (part) =>
      loraStyles.create(caller, part.file, { ...query, fileName: fileNameOf(part) }),
    ),
  );
}
