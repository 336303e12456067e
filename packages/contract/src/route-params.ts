/** Parameters that several routes take from their path. */
import { z } from 'zod';
import { fromDigits } from './digits.ts';

export const idParams = z.object({ id: fromDigits(z.number().int().positive()) });
export const frameParams = idParams.extend({ index: fromDigits(z.number().int().min(0)) });
export const workParams = idParams.extend({ work: fromDigits(z.number().int().positive()) });
