/** txt2img and img2img. */
import { randomInt } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { bindWork } from '../bind-work.ts';
import { bodyWithPictures } from '../body-limit.ts';
import type { DialectDesk } from '../dialect.ts';
import { echoedParameters } from './echoed-parameters.ts';
import { untilEnded } from './ended-task.ts';
import type { Img2ImgBody, Txt2ImgBody } from './generation-body.ts';
import { modelsOf } from './models.ts';
import { familyFor, type SelectedModels } from './options.ts';
import type { Client, OwnTasks } from './own-tasks.ts';
import { type AskedPictures, pictureAnswer } from './picture-answer.ts';
import { requestedPictures, type SentPictures } from './requested-pictures.ts';
import { LARGE_PICTURES, routes } from './routes.ts';
import { keptImg2Img, keptTxt2Img } from './sent-pictures.ts';

export function generationRoutes(
  app: FastifyInstance,
  desk: DialectDesk,
  own: OwnTasks,
  selected: SelectedModels,
): void {
  const bodyLimitBytes = bodyWithPictures(LARGE_PICTURES, desk.uploads.maxFileSizeBytes);

  async function create(
    { caller, request }: Client,
    body: Txt2ImgBody | Img2ImgBody,
    pictures: SentPictures,
  ): Promise<AskedPictures> {
    const { requested, hires, notes } = requestedPictures(body, pictures, {
      models: modelsOf(await desk.engines.offers()),
      selected: selected.of(caller),
      loras: desk.engines.loras(),
      styles: await desk.styles.list(caller),
      familyFor: (recipe) => familyFor(desk.engines, recipe),
      drawnSeed: randomInt(2 ** 32),
    });
    const { id } = await desk.newTasks.create(caller, requested);
    own.begin({ caller, request }, id);
    const parameters = echoedParameters(body);
    return {
      task: id,
      parameters,
      styles: parameters.styles ? (body.styles ?? []) : [],
      notes,
      hires,
      sendsImages: body.send_images !== false,
    };
  }

  bindWork(
    app,
    { ...routes.txt2img, bodyLimitBytes },
    {
      read: async ({ caller, body, request }) =>
        create({ caller, request }, body, await keptTxt2Img({ caller, request, desk }, body)),
      answer: (asked, call) => pictureAnswer({ ...call, desk, own }, asked, untilEnded(call, desk)),
    },
  );
  bindWork(
    app,
    { ...routes.img2img, bodyLimitBytes },
    {
      read: async ({ caller, body, request }) =>
        create({ caller, request }, body, await keptImg2Img({ caller, request, desk }, body)),
      answer: (asked, call) => pictureAnswer({ ...call, desk, own }, asked, untilEnded(call, desk)),
    },
  );
}
