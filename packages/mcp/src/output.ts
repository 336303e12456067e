/**
 * What `structuredContent` holds, short: lists of tools carry these schemas, and results may hold more than they say.
 */
import { TaskStatus } from '@limner/contract';
import { z } from 'zod';

export const PictureFacts = z.looseObject({ id: z.string(), url: z.string() });

export const TaskFacts = z.looseObject({
  task_id: z.number(),
  status: TaskStatus,
  pictures: z.array(PictureFacts),
});
export const FoundPictures = z.looseObject({ pictures: z.array(PictureFacts) });
