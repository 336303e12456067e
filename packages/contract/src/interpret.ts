/**
 * Schemas are compiled to code where that is allowed. A page under a strict content security policy may not make code
 * from text, and its browser reports every try, so in a page they are interpreted. Imported before any schema is made.
 */
import { z } from 'zod';

if ('document' in globalThis) z.config({ jitless: true });
