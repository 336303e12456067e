/** Routes that read a picture, or show a part of it: png-info, interrogate, controlnet/detect, rembg. */
import { ControlPreviewRequest, type OutputId, RemoveBgRequest, StudioError } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import {
  type RequestedTask,
  requestedControlPreview,
  requestedCutOut,
} from '../../../tasks/requested-task.ts';
import { bindWork } from '../bind-work.ts';
import { bodyWithPictures } from '../body-limit.ts';
import type { DialectDesk } from '../dialect.ts';
import { picturesOf } from '../document-answer.ts';
import { pictureBytes } from '../picture-bytes.ts';
import { bytesOf, keepPicture } from '../sent-picture.ts';
import { untilGone } from '../waiting.ts';
import { allOrNone } from './all-or-none.ts';
import { controlTypeOf } from './control-units.ts';
import { type UntilEnded, untilEnded, type Waiting } from './ended-task.ts';
import { refuseFailed } from './failed-task.ts';
import { alphaOf } from './mask.ts';
import type { OwnTasks } from './own-tasks.ts';
import { pngInfo } from './png-info.ts';
import { LARGE_PICTURES, routes } from './routes.ts';

export function pictureRoutes(app: FastifyInstance, desk: DialectDesk, own: OwnTasks): void {
  const room = (pictures: number) => bodyWithPictures(pictures, desk.uploads.maxFileSizeBytes);
  type Sender = Pick<Waiting, 'caller' | 'request'>;
  const kept = ({ caller, request }: Sender, text: string, field: string) =>
    keepPicture(caller, request, desk.uploads, { text, field });

  async function begin(
    { caller, request }: Sender,
    requested: RequestedTask,
    field: string,
  ): Promise<number> {
    const task = await desk.newTasks.create(caller, { ...requested, fieldOf: () => field });
    own.begin({ caller, request }, task.id);
    return task.id;
  }

  async function made(id: number, { caller }: Waiting, ended: UntilEnded): Promise<Buffer> {
    const task = await ended(id);
    refuseFailed(task);
    const [output] = picturesOf(task);
    if (!output && task.status === 'cancelled') throw new StudioError('task_cancelled', { data: { id } });
    if (!output) throw new StudioError('no_image', { data: { engine: task.choice.engine } });
    return (await pictureBytes(caller, desk.outputs, output.id as OutputId, { format: 'png' })).bytes;
  }

  bindWork(
    app,
    { ...routes.pngInfo, bodyLimitBytes: room(1) },
    {
      read: async ({ body }) => pngInfo(bytesOf(body.image, desk.uploads, 'image')),
      answer: async (info) => info,
    },
  );
  bindWork(
    app,
    { ...routes.interrogate, bodyLimitBytes: room(1) },
    {
      read: async (call) =>
        desk.captioner.model === null ? null : kept(call, call.body.image ?? '', 'image'),
      answer: async (image, { caller, request, reply, language }) => {
        const { captioner, pictures, blobs, stopping } = desk;
        if (captioner.model === null || image === null)
          return reply.status(501).send(WITHOUT_CAPTIONER[language]);
        const { file, width, height } = await pictures.resolve(caller, image, 'image');
        const gone = untilGone(request, reply, stopping);
        return { caption: await captioner.describe(await blobs.read(file), width * height, gone) };
      },
    },
  );
  bindWork(
    app,
    { ...routes.detect, bodyLimitBytes: room(LARGE_PICTURES) },
    {
      read: async (call) => {
        const { controlnet_module = '', controlnet_input_images } = call.body;
        const type = controlTypeOf(controlnet_module, 'controlnet_module');
        const beginOne = async (sent: string, index: number) => {
          const image = await kept(call, sent, `controlnet_input_images.${index}`);
          const request = ControlPreviewRequest.parse({ image, type });
          return begin(call, requestedControlPreview(request), 'controlnet_module');
        };
        return allOrNone({ caller: call.caller, desk }, controlnet_input_images, beginOne, (id) => id);
      },
      answer: async (ids, call) => {
        const images: string[] = [];
        const ended = untilEnded(call, desk);
        for (const id of ids) images.push((await made(id, call, ended)).toString('base64'));
        return { images, info: 'Success' };
      },
    },
  );
  bindWork(
    app,
    { ...routes.rembg, bodyLimitBytes: room(1) },
    {
      read: async (call) => {
        const input_image = await kept(call, call.body.input_image, 'input_image');
        const model = await offeredCutOut(desk, call.body.model);
        const request = RemoveBgRequest.parse({ input_image, ...(model === null ? {} : { model }) });
        const id = await begin(call, requestedCutOut(request), 'model');
        return { id, isMask: call.body.return_mask === true };
      },
      answer: async ({ id, isMask }, call) => {
        const cutOut = await made(id, call, untilEnded(call, desk));
        return { image: (isMask ? await alphaOf(cutOut) : cutOut).toString('base64') };
      },
    },
  );
}

/** A model of Rembg such as u2net is none of Limner's: the usual one is used. */
async function offeredCutOut(desk: DialectDesk, model = ''): Promise<string | null> {
  const offers = (await desk.engines.offers()).filter(({ kind }) => kind === 'remove_bg');
  const choices = offers.flatMap(({ params }) => params.flatMap(({ choices = [] }) => choices));
  return choices.some(({ value }) => value === model) ? model : null;
}

const refused = (detail: string) => ({ error: 'not_implemented', detail, body: '', errors: detail });
const WITHOUT_CAPTIONER = {
  en: refused('No model that describes pictures is configured. Set CAPTION_URL and CAPTION_MODEL.'),
  zh: refused('没有配置能描述图片的模型。请设置 CAPTION_URL 和 CAPTION_MODEL。'),
};
