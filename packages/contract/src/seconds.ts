import { z } from 'zod';

/** Seconds, from measured pictures: most took between the two. */
export const SecondsRange = z.object({ low: z.number(), high: z.number() });
export type SecondsRange = z.infer<typeof SecondsRange>;
