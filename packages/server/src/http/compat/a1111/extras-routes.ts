/** extra-single-image and extra-batch-images. */
import type { Language } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import { escapedHtml } from '../../escaped-html.ts';
import { bindWork } from '../bind-work.ts';
import { bodyWithPictures } from '../body-limit.ts';
import type { DialectDesk } from '../dialect.ts';
import { keepPicture } from '../sent-picture.ts';
import { allOrNone } from './all-or-none.ts';
import { type UntilEnded, untilEnded, type Waiting } from './ended-task.ts';
import type { OwnTasks } from './own-tasks.ts';
import { LARGE_PICTURES, routes } from './routes.ts';
import { beginEnlarging, type Enlarging, enlarged, usedUpscaler } from './upscale.ts';
import type { ExtrasFields } from './upscale-plan.ts';

export function extrasRoutes(app: FastifyInstance, desk: DialectDesk, own: OwnTasks): void {
  const room = (pictures: number) => bodyWithPictures(pictures, desk.uploads.maxFileSizeBytes);

  async function begin(
    { caller, request }: Pick<Waiting, 'caller' | 'request'>,
    fields: ExtrasFields,
    sent: { text: string; field: string },
  ): Promise<Enlarging> {
    const picture = await keepPicture(caller, request, desk.uploads, sent);
    return beginEnlarging({ caller, request, desk, own }, picture, fields);
  }

  /** Empty if it was interrupted. */
  async function finished(work: Enlarging, { caller, request }: Waiting, ended: UntilEnded): Promise<string> {
    return (await enlarged({ caller, request, desk, own }, work, ended))?.toString('base64') ?? '';
  }

  bindWork(
    app,
    { ...routes.extraSingle, bodyLimitBytes: room(1) },
    {
      read: (call) => begin(call, call.body, { text: call.body.image, field: 'image' }),
      answer: async (work, call) => ({
        html_info: saidOf([work], call.language),
        image: await finished(work, call, untilEnded(call, desk)),
      }),
    },
  );
  bindWork(
    app,
    { ...routes.extraBatch, bodyLimitBytes: room(LARGE_PICTURES) },
    {
      read: (call) =>
        allOrNone(
          { caller: call.caller, desk },
          call.body.imageList,
          ({ data }, index) => begin(call, call.body, { text: data, field: `imageList.${index}.data` }),
          ({ task }) => task,
        ),
      answer: async (works, call) => {
        const images: string[] = [];
        const ended = untilEnded(call, desk);
        for (const work of works) images.push(await finished(work, call, ended));
        return { html_info: saidOf(works, call.language), images };
      },
    },
  );
}

/** What enlarged the pictures. */
const saidOf = (works: Enlarging[], language: Language): string =>
  works
    .map(
      (work) =>
        `<p>${escapedHtml(usedUpscaler(work)[language])}, ${work.plan.width} × ${work.plan.height}</p>`,
    )
    .join('');
