/** Sends previews of the frames that a task paints, at most `count` of each, spread over its progress. */
import type { Caller, Frame } from '@limner/contract';
import type { DialectDesk } from '../dialect.ts';

export interface PartialImage {
  index: number;
  bytes: Uint8Array;
  mediaType: string;
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
  const sent = new Map<number, { count: number; url: string | null }>();
  const before = (index: number) => sent.get(index) ?? { count: 0, url: null };
  let last = Promise.resolve();
  const isDue = ({ index, preview_url, progress }: Frame): boolean => {
    const { count: done, url } = before(index);
    return (
      done < count && preview_url !== null && preview_url !== url && progress >= (done + 1) / (count + 1)
    );
  };
  const sendOf = async ({ index: frame, preview_url: url }: Frame) => {
    const preview = await desk.tasks.preview(caller, task, frame).catch(() => null);
    if (!preview) return;
    const index = before(frame).count;
    sent.set(frame, { count: index + 1, url });
    send({ index, ...preview });
  };
  const stop = desk.bus.subscribe('event', ({ event }) => {
    if (event.id !== task) return;
    for (const frame of event.frames) {
      last = last.then(() => (isDue(frame) ? sendOf(frame) : undefined));
    }
  });
  return () => {
    stop();
    return last;
  };
}
