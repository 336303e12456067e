/** Sends previews of the frames that a task paints, at most `count` of each, spread over its progress. */
import type { Caller, Frame } from '@limner/contract';
import type { DialectDesk } from '../dialect.ts';

export interface PartialImage {
  index: number;
  bytes: Uint8Array;
  mediaType: string;
  /** Of the finished picture, `1024x768`; `auto` where the family decides. */
  size: string;
}

export interface PartialImagesOptions {
  desk: Pick<DialectDesk, 'bus' | 'tasks'>;
  caller: Caller;
  task: number;
  count: number;
  send(partial: PartialImage): void;
}

/** Returns a function that stops, and resolves once what was begun is sent. */
export function sendPartialImages({
  desk,
  caller,
  task,
  count,
  send,
}: PartialImagesOptions): () => Promise<void> {
  // Events are costly, and are not made where nobody listens.
  if (count === 0) return async () => {};
  const sent = new Map<number, { count: number; url: string | null }>();
  const before = (index: number) => sent.get(index) ?? { count: 0, url: null };
  let last = Promise.resolve();
  const isDue = ({ index, preview_url, progress }: Frame): boolean => {
    const { count: done, url } = before(index);
    return (
      done < count && preview_url !== null && preview_url !== url && progress >= (done + 1) / (count + 1)
    );
  };
  const sizeOf = async () => {
    const { width, height } = await desk.tasks.get(caller, task);
    return width === null || height === null ? 'auto' : `${width}x${height}`;
  };
  const sendOf = async ({ index: frame, preview_url: url }: Frame) => {
    const preview = await desk.tasks.preview(caller, task, frame);
    if (!preview) return;
    const index = before(frame).count;
    sent.set(frame, { count: index + 1, url });
    send({ index, ...preview, size: await sizeOf() });
  };
  const stop = desk.bus.subscribe('event', ({ event }) => {
    if (event.id !== task) return;
    for (const frame of event.frames) {
      // A preview that cannot be read is left out.
      last = last.then(() => (isDue(frame) ? sendOf(frame) : undefined)).catch(() => undefined);
    }
  });
  return () => {
    stop();
    return last;
  };
}
