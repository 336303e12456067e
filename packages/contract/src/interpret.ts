import { z } from 'zod';

/**
 * Schemas are compiled to code where that is allowed. A page under a strict content security policy calls this first: it
 * may not make code from text, and the browser reports every try.
 */
export function interpretSchemas(): void {
  z.config({ jitless: true });
}
