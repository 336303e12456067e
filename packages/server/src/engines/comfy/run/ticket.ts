/** What is stored of a frame's prompt, for a resume after a crash. */
import { z } from 'zod';

const Ticket = z.object({
  server: z.string(),
  prompt: z.uuid(),
  /** The socket id that receives the prompt's events. */
  client: z.string(),
});
export type Ticket = z.infer<typeof Ticket>;

export const writeTicket = (ticket: Ticket): string => JSON.stringify(ticket);

/** Null for none, and for a ticket of another engine. */
export function readTicket(text: string | null): Ticket | null {
  if (!text) return null;
  try {
    return Ticket.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
