import { z } from 'zod';

/** Seconds, from measured pictures: most took between `low` and `high`. */
export const SecondsRange = z.object({ low: z.number(), high: z.number() });
export type SecondsRange = z.infer<typeof SecondsRange>;
