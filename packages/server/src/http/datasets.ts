import { byteRoutes, routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import { exportSet } from '../datasets/export.ts';
import type { DatasetImports } from '../datasets/imports.ts';
import { attachment } from '../storage/attachment.ts';
import type { Desk } from '../studio/desk.ts';
import { bind, bindBytes } from './bind.ts';
import { fileNameOf, oneFile, readMultipart } from './multipart.ts';

type Parts = Pick<Desk, 'datasets' | 'datasetImports' | 'datasetWorks' | 'writtenCaptions' | 'db' | 'blobs'>;

export async function datasetRoutes(app: FastifyInstance, parts: Parts): Promise<void> {
  const { datasets, datasetImports: imports, datasetWorks: works, writtenCaptions, db, blobs } = parts;
  bind(app, routes.listDatasets, ({ caller }) => datasets.list(caller));
  bind(app, routes.createDataset, ({ caller, body }) => datasets.create(caller, body));
  bind(app, routes.getDataset, ({ caller, params }) => datasets.get(caller, params.id));
  bind(app, routes.updateDataset, ({ caller, params, body }) => datasets.update(caller, params.id, body));
  bind(app, routes.deleteDataset, async ({ caller, params }) => {
    await datasets.delete(caller, params.id);
    return null;
  });
  bind(app, routes.addDatasetPictures, ({ caller, params, body }) =>
    datasets.addStored(caller, params.id, body),
  );
  bind(app, routes.changeDatasetPictures, ({ caller, params, body }) =>
    datasets.changePictures(caller, params.id, body),
  );
  bind(app, routes.removeDatasetPictures, ({ caller, params, body }) =>
    datasets.removePictures(caller, params.id, body.pictures),
  );
  bind(app, routes.orderDatasetPictures, ({ caller, params, body }) =>
    datasets.orderPictures(caller, params.id, body.pictures),
  );
  bind(app, routes.editDatasetCaptions, ({ caller, params, body }) =>
    datasets.editCaptions(caller, params.id, body),
  );
  bind(app, routes.checkDataset, ({ caller, params, query }) =>
    datasets.check(caller, params.id, query.resolution),
  );
  bind(app, routes.listDatasetFolders, ({ caller }) => imports.listFolders(caller));
  bind(app, routes.addDatasetFolder, ({ caller, params, body }) =>
    imports.addFolder(caller, params.id, body.folder),
  );
  bind(app, routes.getDatasetWork, ({ caller, params }) => works.get(caller, params.id, params.work));
  bind(app, routes.cancelDatasetWork, ({ caller, params }) => works.cancel(caller, params.id, params.work));
  bind(app, routes.getCaptioner, async () => ({ model: writtenCaptions.model }));
  bind(app, routes.writeDatasetCaptions, ({ caller, params, body }) =>
    writtenCaptions.begin(caller, params.id, body),
  );
  bindBytes(app, byteRoutes.datasetZip, async ({ caller, params, query, reply }) => {
    const asked = { id: params.id, withTriggerWords: query.trigger_words !== 'false' };
    const { name, sizeBytes, stream } = await exportSet(caller, db.read, blobs, asked);
    return reply
      .headers({
        'content-disposition': attachment(name),
        'content-length': sizeBytes,
        'cache-control': 'no-store',
      })
      .type('application/zip')
      .send(stream);
  });
  await app.register(async (scope) => addFileRoute(scope, imports));
}

/** In its own scope, so that only this route accepts multipart bodies of this size. */
async function addFileRoute(app: FastifyInstance, imports: DatasetImports): Promise<void> {
  const limitBytes = imports.maxZipBytes;
  await readMultipart(app, { fileSizeBytes: limitBytes, files: 1, fields: 10, fieldBytes: 1024 });
  bind(app, routes.addDatasetFile, ({ caller, params, request }) =>
    oneFile(request, limitBytes, (part) => imports.addFile(caller, params.id, part.file, fileNameOf(part))),
  );
}
