/** An MCP server over the tool table, for one request over HTTP or one connection over stdio. */
import type { Language } from '@limner/contract';
import { McpServer, type ServerContext } from '@modelcontextprotocol/server';
import { checked, listed } from './arguments.ts';
import { callOf } from './call.ts';
import { addPrompts } from './prompts.ts';
import { addResources } from './resources.ts';
import { refusal } from './result.ts';
import type { StudioOf } from './studio.ts';
import type { Tool, ToolResult } from './tool.ts';
import { TOOLS } from './tools.ts';

export interface ServerInfo {
  version: string;
  /** Of the caller. */
  language: Language;
  /** For a message that calls a tool: resources and prompts, whose schemas take time to make, are left out. */
  onlyTools?: boolean;
}

const INSTRUCTIONS = `Limner paints pictures on the user's own machine.
Tools that make pictures wait up to wait_seconds and return the pictures, which the user sees; do not describe them at length. If the time is over they return an unfinished task: call get_task with its task_id until it has ended. Never create the same task again instead.
Pictures have ids such as 12_0 (task 12, picture 0). Pass ids to other tools, never image data that a tool returned.
If something fails, read the sentence of the result; then call studio_status.`;

/** Converted once: over HTTP each request has a server of its own. */
const LISTED_TOOLS = TOOLS.map((tool) => {
  const { title, description, input, output, annotations } = tool;
  const outputSchema = output && { outputSchema: listed(output) };
  return { tool, config: { title, description, inputSchema: listed(input), ...outputSchema, annotations } };
});

/** `studioOf` gives the studio of one call. */
export function mcpServer(
  studioOf: StudioOf,
  { version, language, onlyTools = false }: ServerInfo,
): McpServer {
  const server = new McpServer(
    { name: 'limner', title: 'Limner', version },
    {
      capabilities: {
        tools: { listChanged: false },
        resources: { listChanged: false },
        prompts: { listChanged: false },
        completions: {},
      },
      instructions: INSTRUCTIONS,
    },
  );
  for (const { tool, config } of LISTED_TOOLS)
    server.registerTool(tool.name, config, (args: unknown, context: ServerContext) =>
      run(tool, args, context, studioOf, language),
    );
  if (onlyTools) return server;
  addResources(server, studioOf, language);
  addPrompts(server, studioOf, language);
  return server;
}

async function run(
  tool: Tool,
  args: unknown,
  context: ServerContext,
  studioOf: StudioOf,
  language: Language,
): Promise<ToolResult> {
  try {
    const input = checked(tool.input, args, language);
    return await tool.run(input, callOf(context, await studioOf(), language));
  } catch (error) {
    return refusal(error, language);
  }
}
