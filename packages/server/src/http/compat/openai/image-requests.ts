/** Makes work of the requests for pictures: a new task, or the work of the request that is repeated. */
import type { Caller, Task } from '@limner/contract';
import type { FastifyRequest } from 'fastify';
import type { NewTasks } from '../../../tasks/new-tasks.ts';
import type { RequestKey } from '../../../tasks/repeated-requests.ts';
import { invalid } from '../../parse.ts';
import { hashOf, requestKey } from '../../request-key.ts';
import type { DialectDesk } from '../dialect.ts';
import type { AwaitedWork, Work } from './awaited-work.ts';
import { keepJsonPictures, type NamedPicture, type NamedPictures, readPictureForm } from './edit-pictures.ts';
import { fittingTasks } from './fit-family.ts';
import { type Made, madePictures } from './made-pictures.ts';
import { whiteMask } from './mask.ts';
import { modelOf } from './models.ts';
import { createEdit, createGeneration, createRepaint, createVariation } from './native.ts';
import { type EditBody, GenerationBody, type Order, VariationForm } from './requests.ts';

export interface OrderedWork {
  kind: 'generation' | 'edit' | 'variation';
  work: Work<Made>;
  order: Order;
  /** How many pictures an edit was sent; 1 for others. */
  pictures: number;
}

interface Sent {
  caller: Caller;
  request: FastifyRequest;
}

type Creator = Pick<NewTasks, 'create'>;

export class ImageRequests {
  readonly #desk: DialectDesk;
  readonly #works: AwaitedWork<Made>;

  constructor(desk: DialectDesk, works: AwaitedWork<Made>) {
    this.#desk = desk;
    this.#works = works;
  }

  generation(sent: Sent, body: GenerationBody): Promise<OrderedWork> {
    const model = modelOf(this.#desk, body, 'generation');
    return this.#workOf(sent, 'generation', body, [body], (newTasks) =>
      createGeneration(sent.caller, newTasks, body, model),
    );
  }

  async edit(sent: Sent, json: EditBody | undefined): Promise<OrderedWork> {
    const { caller, request } = sent;
    if (json) {
      const work = await this.#workOf(sent, 'edit', json, [json], async (newTasks) =>
        this.#createEdit(caller, newTasks, json, await keepJsonPictures(caller, request, this.#desk, json)),
      );
      return { ...work, pictures: json.images.length };
    }
    const { body, content, ...pictures } = await readPictureForm(caller, request, this.#desk, GenerationBody);
    const work = await this.#workOf(sent, 'edit', body, content, (newTasks) =>
      this.#createEdit(caller, newTasks, body, pictures),
    );
    return { ...work, pictures: pictures.images.length };
  }

  async variation(sent: Sent): Promise<OrderedWork> {
    const { caller, request } = sent;
    const { body, images, content } = await readPictureForm(caller, request, this.#desk, VariationForm);
    const model = modelOf(this.#desk, body, 'generation');
    return this.#workOf(sent, 'variation', body, content, (newTasks) =>
      createVariation(caller, newTasks, body, model, images[0] as NamedPicture),
    );
  }

  async #createEdit(
    caller: Caller,
    newTasks: Creator,
    body: GenerationBody,
    { images, mask }: NamedPictures,
  ): Promise<Task> {
    if (mask === null) {
      const model = modelOf(this.#desk, body, 'edit', 'generation');
      return createEdit(caller, { engines: this.#desk.engines, newTasks }, body, model, images);
    }
    const [picture, another] = images as [NamedPicture, ...NamedPicture[]];
    if (another) throw invalid(another.field, ONE_WITH_MASK);
    const white = await whiteMask(caller, this.#desk, mask, picture);
    const model = modelOf(this.#desk, body, 'generation');
    return createRepaint(caller, newTasks, body, model, { picture, mask: white });
  }

  /** @param content the same for a request and its retries */
  async #workOf(
    sent: Sent,
    kind: OrderedWork['kind'],
    body: Order,
    content: unknown[],
    create: (newTasks: Creator) => Promise<Task>,
  ): Promise<OrderedWork> {
    const order = withoutContent(body);
    if (order.background === 'transparent' && order.output_format === 'jpeg')
      throw invalid('background', NO_ALPHA);
    const { caller } = sent;
    const key = keyOf(sent, [kind, ...content]);
    const running = key ? this.#works.joinable(key) : undefined;
    if (running) return { kind, order, pictures: 1, work: running };
    const creator = this.#desk.requests.creator(key);
    const newTasks = fittingTasks({ engines: this.#desk.engines, newTasks: creator }, order.quality);
    const { id: task } = await create(newTasks);
    const isTransparent = order.background === 'transparent';
    const work = this.#works.add(caller, key, { task, release: creator.release }, (course) =>
      madePictures({ desk: this.#desk, caller, isTransparent, course }, task),
    );
    return { kind, order, pictures: 1, work };
  }
}

/** What the answer depends on: pictures and prompt must not stay in memory while the task waits. */
function withoutContent(body: Order): Order {
  const { prompt: _, images: __, mask: ___, ...order } = body as Order & Partial<EditBody>;
  return order;
}

/** The official client numbers its tries; the first is a request of its own, even where an equal one runs. */
function keyOf({ caller, request }: Sent, sent: unknown[]): RequestKey | null {
  const own = requestKey(caller, request, sent);
  const tries = request.headers['x-stainless-retry-count'];
  if (own || tries === undefined) return own;
  const content = hashOf([caller.id, ...sent]);
  return { key: content, content, joins: Number(tries) > 0 };
}

const NO_ALPHA = {
  en: 'cannot be transparent in JPEG; use png or webp as output_format',
  zh: 'JPEG 不支持透明背景，请将 output_format 设为 png 或 webp',
};

const ONE_WITH_MASK = { en: 'may be only one picture together with a mask', zh: '使用蒙版时只能有一张图片' };
