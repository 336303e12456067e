/**
 * What `structuredContent` holds, short: lists of tools carry these schemas, and results may hold more than they say.
 */
import { TaskStatus } from '@limner/contract';
import { z } from 'zod';

const Picture = z.looseObject({ id: z.string(), url: z.string() });

export const PictureFacts = Picture;
export const TaskFacts = z.looseObject({
  task_id: z.number(),
  status: TaskStatus,
  pictures: z.array(Picture),
});
export const FoundPictures = z.looseObject({ pictures: z.array(Picture) });
export const AnyFacts = z.looseObject({});
