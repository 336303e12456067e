/** Parameters that several routes take from their path. */
import { z } from 'zod';

export const idParams = z.object({ id: z.coerce.number().int().positive() });
export const frameParams = idParams.extend({ index: z.coerce.number().int().min(0) });
