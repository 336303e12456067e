import { byteRoutes, routes, safeFileName, WORKFLOW_FILE_SUFFIX } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import { attachment } from '../storage/attachment.ts';
import type { Desk } from '../studio/desk.ts';
import { bind, bindBytes } from './bind.ts';

export function workflowRoutes(
  app: FastifyInstance,
  { workflows, examplePictures }: Pick<Desk, 'workflows' | 'examplePictures'>,
): void {
  bind(app, routes.listWorkflows, () => workflows.list());
  bind(app, routes.previewWorkflow, ({ body }) => workflows.preview(body));
  bind(app, routes.getWorkflow, ({ params }) => workflows.get(params.id));
  bind(app, routes.addWorkflow, async ({ caller, body }) =>
    workflows.add({ ...body, examples: await examplePictures.of(caller, body.examples, []) }),
  );
  bind(app, routes.updateWorkflow, async ({ caller, params: { id }, body }) => {
    const { examples } = await workflows.find(id);
    return workflows.update(id, {
      ...body,
      examples: await examplePictures.of(caller, body.examples, examples),
    });
  });
  bind(app, routes.removeWorkflow, async ({ params }) => {
    await workflows.remove(params.id);
    return null;
  });
  // JSON that is saved, not read: a schema of its own for OpenAPI would promise what only Limner reads.
  bindBytes(app, byteRoutes.workflowFile, async ({ params, reply }) => {
    const { name, text } = await workflows.shared(params.id);
    return reply
      .headers({
        'content-disposition': attachment(`${safeFileName(name)}${WORKFLOW_FILE_SUFFIX}`),
        'cache-control': 'no-store',
      })
      .type('application/octet-stream')
      .send(text);
  });
  // Its address has its hash, so that it never changes.
  bindBytes(app, byteRoutes.workflowPicture, async ({ params: { id, picture }, reply }) => {
    const { mediaType, bytes } = await workflows.picture(id, picture);
    return reply.header('cache-control', 'private, max-age=31536000, immutable').type(mediaType).send(bytes);
  });
}
