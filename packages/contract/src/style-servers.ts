import { z } from 'zod';
import { Bilingual } from './family.ts';

/**
 * `GET /api/styles/{id}/servers`: where the LoRA file of a style is. `ready`: the server lists it, so pictures can be painted
 * with it; `waiting`: it is not there yet; `refused`: it could not be sent.
 */
export const StyleOnServer = z.object({
  /** Its name. */
  server: z.string(),
  state: z.enum(['ready', 'sending', 'waiting', 'refused']),
  /** Why, and what to do. */
  note: Bilingual.nullable(),
});
export type StyleOnServer = z.infer<typeof StyleOnServer>;
