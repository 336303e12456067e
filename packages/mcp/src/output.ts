/**
 * What `structuredContent` holds, short: lists of tools carry these schemas, and results may hold more than they say.
 */
import { z } from 'zod';

export const PictureFacts = z.looseObject({ id: z.string(), url: z.string() });

export const TaskFacts = z.looseObject({
  task_id: z.number(),
  /** One of `TaskStatus`: naming them in each tool would double its schema. */
  status: z.string(),
  /** Each as `PictureFacts`, which would double the schema too. */
  pictures: z.array(z.unknown()),
});
export const FoundPictures = z.looseObject({ pictures: z.array(z.unknown()) });
