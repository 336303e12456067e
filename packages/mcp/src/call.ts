/** One call of a tool, or one reading of a resource, from the protocol's request. */
import type { Language } from '@limner/contract';
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Studio } from './studio.ts';
import type { ToolCall } from './tool.ts';
import { WORDS } from './words.ts';

/** Of 100, so that a task that waits at its end stays below. */
const BEFORE_THE_END = 99;

const Confirmation = z.object({ confirm: z.boolean() });

/** Whether a client of the current revision takes questions for the user. */
const canAsk = (envelope: Record<string, unknown> | undefined): boolean =>
  Envelope.safeParse(envelope).success;

const Envelope = z.object({ [CLIENT_CAPABILITIES_META_KEY]: z.object({ elicitation: z.object({}) }) });

export function callOf({ mcpReq }: ServerContext, studio: Studio, language: Language): ToolCall {
  const signal = studio.cancelled ? AbortSignal.any([mcpReq.signal, studio.cancelled]) : mcpReq.signal;
  const token = mcpReq._meta?.progressToken;
  let last = -1;
  return {
    studio,
    language,
    words: WORDS[language],
    signal,
    async progress(done, message) {
      if (token === undefined || signal.aborted) return;
      // The protocol wants each value to be greater than the one before, also while a task waits.
      last = Math.max(last + 0.001, done * BEFORE_THE_END);
      const params = { progressToken: token, progress: last, total: 100, message };
      await mcpReq.notify({ method: 'notifications/progress', params });
    },
    confirmed(message) {
      const answers = mcpReq.inputResponses;
      if (answers) return acceptedContent(answers, 'confirm', Confirmation)?.confirm === true;
      if (!canAsk(mcpReq.envelope)) return null;
      const confirm = inputRequired.elicit({ message, requestedSchema: Confirmation });
      return inputRequired({ inputRequests: { confirm } });
    },
  };
}
