/** Waits for the work of a request and answers it: with pictures, as events while it is painted, or with its failure. */
import type { Caller, Language } from '@limner/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { refusalOf } from '../../errors.ts';
import type { DialectDesk } from '../dialect.ts';
import { ownAddress, untilGone } from '../waiting.ts';
import { NO_USAGE, type Problem } from './answers.ts';
import type { AwaitedWork } from './awaited-work.ts';
import { EventStream } from './event-stream.ts';
import type { OrderedWork } from './image-requests.ts';
import { base64Of, formatOf, imagesResponse, madeBy, type Noted, secondsOf } from './images-response.ts';
import type { Made, MadePicture } from './made-pictures.ts';
import { unknownModel } from './models.ts';
import { type PartialImage, sendPartialImages } from './partial-images.ts';
import { failedWork, refusedAs } from './refusal.ts';
import type { Order } from './requests.ts';

export interface Waiting extends OrderedWork {
  desk: DialectDesk;
  works: AwaitedWork<Made>;
  caller: Caller;
  language: Language;
  request: FastifyRequest;
  reply: FastifyReply;
}

export async function answerWork(waiting: Waiting): Promise<unknown> {
  const { desk, work, order, request, reply } = waiting;
  const gone = untilGone(request, reply, desk.stopping);
  reply.header('x-limner-task', work.course.task);
  if (order.stream) {
    void streamWork(waiting, new EventStream(reply), gone);
    return reply;
  }
  try {
    return await answerPictures(waiting, gone);
  } catch (error) {
    if (!gone.aborted || desk.stopping.aborted) throw error;
    // Nobody is there to answer.
    return reply.hijack();
  }
}

async function answerPictures(waiting: Waiting, gone: AbortSignal): Promise<unknown> {
  const { desk, works, work, order, caller, language, request, reply } = waiting;
  const { task, pictures } = await works.wait(work, gone);
  const read = await desk.tasks.get(caller, task);
  if (pictures.length === 0) {
    const { status, problem } = failedWork(read, language);
    reply.status(status).headers({ 'x-should-retry': 'false', 'cache-control': 'no-store' });
    return reply.send({ error: problem });
  }
  const answering = {
    ...noted(waiting),
    caller,
    outputs: desk.outputs,
    order,
    ownAddress: ownAddress(request, desk.config.basePath),
  };
  return imagesResponse(answering, read, pictures);
}

async function streamWork(waiting: Waiting, stream: EventStream, gone: AbortSignal): Promise<void> {
  const { desk, works, work, order, caller, language, request } = waiting;
  const events = waiting.kind === 'generation' ? 'image_generation' : 'image_edit';
  const partials = sendPartialImages({
    desk,
    caller,
    task: work.course.task,
    count: order.partial_images ?? 0,
    send: (partial) => stream.send(`${events}.partial_image`, partialEvent(order, partial)),
  });
  const fail = (problem: Problem) => stream.send('error', { error: problem });
  try {
    const { task, pictures } = await works.wait(work, gone);
    await partials();
    const read = await desk.tasks.get(caller, task);
    if (pictures.length === 0) fail(failedWork(read, language).problem);
    const limner = madeBy(noted(waiting), read);
    for (const picture of pictures)
      stream.send(`${events}.completed`, { ...(await completedEvent(waiting, picture)), limner });
  } catch (error) {
    if (!gone.aborted || desk.stopping.aborted) fail(refusedAs(refusalOf(error, request), language));
  } finally {
    void partials();
    stream.end();
  }
}

const noted = ({ desk, order, kind, pictures, language }: Waiting): Noted => ({
  language,
  isEdit: kind === 'edit',
  pictures,
  unknownModel: unknownModel(desk, order),
});

const partialEvent = (order: Order, { index, bytes, mediaType, size }: PartialImage) => ({
  b64_json: Buffer.from(bytes).toString('base64'),
  partial_image_index: index,
  ...common(order, size),
  output_format: formatOf(mediaType) ?? 'png',
});

const completedEvent = async ({ desk, order, caller }: Waiting, picture: MadePicture) => ({
  b64_json: await base64Of({ caller, outputs: desk.outputs, order }, picture),
  ...common(order, picture.size),
  output_format: order.output_format ?? 'png',
  usage: NO_USAGE,
  id: picture.id,
  seed: picture.seed,
});

const common = ({ quality = 'auto', background = 'auto' }: Order, size: string) => ({
  created_at: secondsOf(null),
  size,
  quality,
  background,
});
