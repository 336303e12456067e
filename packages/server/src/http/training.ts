import { byteRoutes, routes, StudioError, safeFileName } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import { RUN_LOG } from '../engines/run-files.ts';
import { maskOf } from '../engines/training/program/secrets.ts';
import type { Desk } from '../studio/desk.ts';
import { MaskedLogs } from '../training/masked-log.ts';
import { bind, bindBytes } from './bind.ts';
import { sendBlob } from './send-blob.ts';

export function trainingRoutes(
  app: FastifyInstance,
  { trainings, styles, blobs, config }: Pick<Desk, 'trainings' | 'styles' | 'blobs' | 'config'>,
): void {
  const logs = new MaskedLogs(blobs, maskOf(config.programEnv));
  bind(app, routes.train, ({ caller, body }) => trainings.train(caller, body));
  bind(app, routes.estimateTraining, ({ body }) => trainings.estimate(body));
  bind(app, routes.getTraining, ({ caller, params }) => trainings.get(caller, params.id));
  bind(app, routes.chooseCheckpoint, ({ caller, params, body }) => trainings.choose(caller, params.id, body));
  bind(app, routes.listTrainers, () => trainings.trainers());
  bind(app, routes.listTraining, async ({ caller, query, reply }) => {
    const { items, nextBefore } = await trainings.list(caller, query);
    if (nextBefore !== null) reply.header('x-next-before', nextBefore);
    return items;
  });

  bindBytes(app, byteRoutes.trainingLog, async ({ caller, params: { id }, request, reply }) => {
    const log = await trainings.log(caller, id);
    if (!log) throw new StudioError('file_not_found', { data: { name: RUN_LOG } });
    const sent = { key: log.key, mediaType: 'text/plain; charset=utf-8', cacheControl: 'private, no-store' };
    return sendBlob(logs, { ...sent, tag: `${log.modifiedMs}-${log.sizeBytes}` }, request, reply);
  });

  bindBytes(app, byteRoutes.lora, async ({ caller, params: { file }, request, reply }) => {
    const found = await styles.trainedFile(caller, file);
    if (!found) throw new StudioError('file_not_found', { data: { name: file } });
    const { key, name, createdMs } = found;
    const sent = { key, mediaType: 'application/octet-stream', cacheControl: 'private, no-cache' };
    const tag = `${createdMs.toString(36)}-${file}`;
    return sendBlob(blobs, { ...sent, tag, saveAs: safeFileName(`${name}.safetensors`) }, request, reply);
  });
}

/** Without characters that some system does not allow in a file name. */
