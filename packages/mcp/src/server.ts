/** An MCP server over the tool table, for one request over HTTP or one connection over stdio. */
import {
  acceptedContent,
  CLIENT_CAPABILITIES_META_KEY,
  inputRequired,
  McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { z } from 'zod';
import { refusal } from './result.ts';
import type { Studio } from './studio.ts';
import type { Tool, ToolCall, ToolResult } from './tool.ts';
import { TOOLS } from './tools.ts';

export interface ServerInfo {
  version: string;
}

const INSTRUCTIONS = `Limner paints pictures on the user's own machine.
Tools that make pictures wait up to wait_seconds and return the pictures, which the user sees; do not describe them at length. If the time is over they return an unfinished task: call get_task with its task_id until it has ended. Never create the same task again instead.
Pictures have ids such as 12_0 (task 12, picture 0). Pass ids to other tools, never image data that a tool returned.
If something fails, read the sentence of the result; then call studio_status.`;

/** `studioOf` gives the studio of one call. */
export function mcpServer(studioOf: () => Studio | Promise<Studio>, { version }: ServerInfo): McpServer {
  const server = new McpServer(
    { name: 'limner', title: 'Limner', version },
    { capabilities: { tools: { listChanged: false } }, instructions: INSTRUCTIONS },
  );
  for (const tool of TOOLS) {
    const { name, title, description, input, annotations } = tool;
    server.registerTool(
      name,
      { title, description, inputSchema: input, annotations },
      (args: unknown, context: ServerContext) => run(tool, args, context, studioOf),
    );
  }
  return server;
}

async function run(
  tool: Tool,
  input: unknown,
  context: ServerContext,
  studioOf: () => Studio | Promise<Studio>,
): Promise<ToolResult> {
  try {
    return await tool.run(input, callOf(context, await studioOf()));
  } catch (error) {
    return refusal(error);
  }
}

const Confirmation = z.object({ confirm: z.boolean() });

/** Whether a client of the current revision takes questions for the user. */
const canAsk = (envelope: Record<string, unknown> | undefined): boolean =>
  Envelope.safeParse(envelope).success;

const Envelope = z.object({ [CLIENT_CAPABILITIES_META_KEY]: z.object({ elicitation: z.object({}) }) });

function callOf({ mcpReq }: ServerContext, studio: Studio): ToolCall {
  const token = mcpReq._meta?.progressToken;
  let last = -1;
  return {
    studio,
    signal: mcpReq.signal,
    async progress(done, message) {
      if (token === undefined || mcpReq.signal.aborted) return;
      // The protocol wants each value to be greater than the one before, also while a task waits.
      last = Math.max(last + 0.001, done * 100);
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
