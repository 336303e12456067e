/** The HTTP server: what holds for every route, then the routes, one file per noun. */
import { OWNER, StudioError } from '@limner/contract';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { jsonWriter, withoutBase } from './base-path.ts';
import { binRoutes } from './bin.ts';
import { addCallers, type Identify } from './caller.ts';
import { dialectRoutes } from './compat/dialects.ts';
import { datasetRoutes } from './datasets.ts';
import { docsRoutes } from './docs.ts';
import { engineRoutes } from './engines.ts';
import { answerError, JSON_LIMIT_BYTES } from './errors.ts';
import { fileRoutes } from './files.ts';
import { gridRoutes } from './grids.ts';
import { healthRoutes } from './health.ts';
import { laneRoutes } from './lanes.ts';
import { layerRoutes } from './layers.ts';
import { mcpRoutes } from './mcp.ts';
import { measureRequests } from './measure.ts';
import { answerMissing, watchRoutes } from './missing.ts';
import { modelRoutes } from './models.ts';
import { outputRoutes } from './outputs.ts';
import { OwnRequests } from './own-requests.ts';
import { invalid } from './parse.ts';
import { pictureRoutes } from './pictures.ts';
import { presetRoutes } from './presets.ts';
import { nameRequests, requestIdOf } from './request-id.ts';
import { addSafety } from './safety.ts';
import { settingsRoutes } from './settings.ts';
import { addWebSockets, socketRoutes } from './socket.ts';
import { storageRoutes } from './storage.ts';
import { styleRoutes } from './styles.ts';
import { taskRoutes } from './tasks.ts';
import { traceRequests } from './trace.ts';
import { trainingRoutes } from './training.ts';
import { readRefusedBodies } from './unread-bodies.ts';
import { uploadRoutes } from './upload.ts';
import { webApp } from './web.ts';
import { webhookRoutes } from './webhooks.ts';
import { wildcardRoutes } from './wildcards.ts';
import { workflowRoutes } from './workflows.ts';

/** Time limit for a whole request: a LoRA of 4 GiB at 5 Mbit/s. One that sends nothing is closed long before. */
const REQUEST_TIMEOUT_MS = 2 * 60 * 60_000;
const KEEP_ALIVE_MS = 30_000;
/** An idle connection is closed after this time; sockets have their own heartbeat. */
const SILENCE_MS = 120_000;

export interface ServerOptions {
  /** Who sent a request; without accounts every request comes from the owner. */
  identify?: Identify;
}

export async function createServer(
  studio: Desk,
  { identify = async () => OWNER }: ServerOptions = {},
): Promise<FastifyInstance> {
  const { basePath } = studio.config;
  const app = Fastify({
    loggerInstance: studio.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'request_id' }),
    genReqId: requestIdOf,
    bodyLimit: JSON_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionTimeout: SILENCE_MS,
    routerOptions: { maxParamLength: 300 },
    return503OnClosing: false,
    frameworkErrors: answerError,
    trustProxy: studio.config.trustedProxies,
    // A request without Host gets the guard's sentence instead of an empty answer.
    http: { requireHostHeader: false },
    rewriteUrl: ({ url = '/' }) => withoutBase(url, basePath),
  });
  nameRequests(app);
  traceRequests(app, studio.traces);
  app.decorate('meters', studio.meters);
  if (studio.prometheus) measureRequests(app, studio.meters);
  refuseWhenClosing(app);
  app.setErrorHandler(answerError);
  readRefusedBodies(app);
  app.setReplySerializer(jsonWriter(basePath));
  readJsonOnly(app);
  const methodsAt = watchRoutes(app);

  await addWebSockets(app);
  const own = new OwnRequests();
  const filesOrigin = studio.links?.origin ?? null;
  const isOwn = (request: FastifyRequest) => own.callerOf(request) !== undefined;
  await addSafety(app, studio.config, { redis: studio.redis, filesOrigin }, isOwn);
  addCallers(app, async (request) => own.callerOf(request) ?? identify(request));
  taskRoutes(app, studio);
  gridRoutes(app, studio);
  laneRoutes(app, studio);
  outputRoutes(app, studio);
  layerRoutes(app, studio);
  styleRoutes(app, studio);
  wildcardRoutes(app, studio);
  presetRoutes(app, studio);
  settingsRoutes(app, studio);
  storageRoutes(app, studio);
  binRoutes(app, studio);
  trainingRoutes(app, studio);
  engineRoutes(app, studio);
  workflowRoutes(app, studio);
  modelRoutes(app, studio);
  webhookRoutes(app, studio);
  healthRoutes(app, studio);
  fileRoutes(app, studio);
  pictureRoutes(app, studio);
  await uploadRoutes(app, studio);
  await datasetRoutes(app, studio);
  socketRoutes(app, studio);
  await dialectRoutes(app, studio, methodsAt);
  await mcpRoutes(app, own, studio);
  docsRoutes(app, studio.config);
  answerMissing(app, methodsAt, webApp(studio.config));
  return app;
}

/** Only JSON bodies are accepted. A request with the JSON content type may have an empty body if the route takes none. */
function readJsonOnly(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else
      parseJson(request, String(body), (error, value) =>
        done(error && reasonFor(error, String(body)), value),
      );
  });
}

/** The parser refuses some keys of valid JSON and does not say so. */
const reasonFor = (error: Error, body: string): Error =>
  isJson(body) ? invalid('body', NO_PROTOTYPE) : error;

const NO_PROTOTYPE = {
  en: 'must not have the key "__proto__", nor "constructor" with the key "prototype"',
  zh: '不能含有键“__proto__”，也不能含有带“prototype”键的“constructor”',
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Replaces the framework's answer to requests on open connections while the server closes. */
function refuseWhenClosing(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  app.addHook('onRequest', async (_request, reply) => {
    if (!isClosing) return;
    reply.header('connection', 'close');
    throw new StudioError('shutting_down');
  });
}
