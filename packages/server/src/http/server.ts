/** The HTTP server: what holds for every route, then the routes, one file per noun. */
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { Studio } from '../studio.ts';
import { docsRoutes } from './docs.ts';
import { engineRoutes } from './engines.ts';
import { answerError, JSON_LIMIT_BYTES } from './errors.ts';
import { fileRoutes } from './files.ts';
import { healthRoutes } from './health.ts';
import { answerMissing, watchRoutes } from './missing.ts';
import { addSafety } from './safety.ts';
import { addWebSockets, socketRoutes } from './socket.ts';
import { styleRoutes } from './styles.ts';
import { taskRoutes } from './tasks.ts';
import { uploadRoutes } from './upload.ts';
import { webApp } from './web.ts';

/** For a whole request to arrive; an upload over a slow phone may take its time. */
const REQUEST_TIMEOUT_MS = 300_000;
const KEEP_ALIVE_MS = 30_000;

export async function createServer(studio: Studio): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: studio.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: JSON_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    routerOptions: { maxParamLength: 300 },
    frameworkErrors: answerError,
  });
  app.setErrorHandler(answerError);
  app.removeContentTypeParser('text/plain');
  const methodsAt = watchRoutes(app);

  await addWebSockets(app);
  await addSafety(app, studio.config);
  taskRoutes(app, studio);
  styleRoutes(app, studio);
  engineRoutes(app, studio);
  healthRoutes(app, studio);
  fileRoutes(app, studio);
  await uploadRoutes(app, studio);
  socketRoutes(app, studio);
  docsRoutes(app, studio.config);
  answerMissing(app, methodsAt, webApp(studio.config));
  return app;
}
