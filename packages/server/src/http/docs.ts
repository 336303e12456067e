/** `/docs`: Swagger UI over the printed document. Both are made at the first request, so that a start does not wait. */
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { byteRoutes, StudioError } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import { bindBytes } from './bind.ts';

/** The files of the package that the page needs, by name: nothing else in its folder is served. */
const PARTS: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

/** The description of the API is public. */
const OPEN = { config: { allowed: 'anyone' } } as const;

export function docsRoutes(
  app: FastifyInstance,
  config: Pick<Config, 'version' | 'modelsDir' | 'basePath'>,
): void {
  let printed: Promise<string> | undefined;
  app.get('/docs', OPEN, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(page(config.basePath)),
  );
  app.get('/docs/start.js', OPEN, async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(start(config.basePath)),
  );
  app.get('/docs/json', OPEN, async (_request, reply) => {
    printed ??= import('./openapi.ts').then(({ openApi }) =>
      JSON.stringify(openApi(config.version, config.basePath)),
    );
    return reply.type('application/json; charset=utf-8').send(await printed);
  });
  // Where programs look for the document of a FastAPI server.
  app.get('/openapi.json', OPEN, async (_request, reply) => reply.redirect(`${config.basePath}/docs/json`));
  app.get<{ Params: { part: string } }>('/docs/parts/:part', OPEN, async (request, reply) => {
    const { part } = request.params;
    const type = Object.hasOwn(PARTS, part) ? PARTS[part] : undefined;
    if (type === undefined) throw new StudioError('file_not_found', { data: { name: part } });
    return reply
      .type(type)
      .header('cache-control', 'max-age=86400')
      .send(createReadStream(path.join(swaggerDir(), part)));
  });
  bindBytes(app, byteRoutes.notices, async ({ reply }) =>
    reply.type('text/plain; charset=utf-8').send(await notices(config.modelsDir)),
  );
}

const swaggerDir = () =>
  path.join(path.dirname(createRequire(import.meta.url).resolve('@fastify/swagger-ui')), 'static');

const page = (base: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Limner API</title>
<link rel="stylesheet" href="${base}/docs/parts/swagger-ui.css">
<link rel="icon" type="image/png" href="${base}/docs/parts/favicon-32x32.png">
</head>
<body>
<div id="docs"></div>
<script src="${base}/docs/parts/swagger-ui-bundle.js"></script>
<script src="${base}/docs/start.js"></script>
</body>
</html>
`;

// No validator, because it would send this address to an external server.
const start = (base: string) =>
  `SwaggerUIBundle({ url: '${base}/docs/json', dom_id: '#docs', deepLinking: true, validatorUrl: null });\n`;

/** Licences of everything that ships with the product beside its code: `NOTICE.md` here and one folder below. */
async function notices(modelsDir: string): Promise<string> {
  const folders = (await readdir(modelsDir, { withFileTypes: true }).catch(() => [])).filter((entry) =>
    entry.isDirectory(),
  );
  const files = ['', ...folders.map(({ name }) => name).sort()].map((folder) =>
    path.join(modelsDir, folder, 'NOTICE.md'),
  );
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => '')));
  return texts.filter(Boolean).join('\n\n') || 'No models are shipped with this installation.\n';
}
