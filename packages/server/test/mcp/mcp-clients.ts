/** The official clients, old and new, as one. */
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { Client as OldClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as OldTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

export interface Block {
  type: string;
  text?: string;
  data?: string;
  mimeType?: string;
  uri?: string;
}

export interface Picture {
  id: string;
  url: string;
  width: number;
  height: number;
  seed: number;
  starred: boolean;
}

export interface Facts {
  task_id: number;
  status: string;
  note?: string;
  eta_seconds?: number | null;
  pictures: Picture[];
  [name: string]: unknown;
}

export interface Result {
  content: Block[];
  structuredContent: Facts;
  isError?: boolean;
}

interface Progress {
  progress: number;
  message?: string;
}

export interface CallOptions {
  signal?: AbortSignal;
  onprogress?: (progress: Progress) => void;
}

export interface McpClient {
  call(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<Result>;
  tools(): Promise<{ name: string; annotations?: Record<string, unknown> }[]>;
  /** Addresses of resources, and of templates of resources. */
  resources(): Promise<{ listed: string[]; templates: string[] }>;
  /** All pages of the list, one after another. */
  pages(): Promise<string[][]>;
  read(uri: string): Promise<{ uri: string; mimeType?: string; text?: string; blob?: string }[]>;
  prompts(): Promise<{ name: string; title?: string }[]>;
  prompt(name: string, args: Record<string, string>): Promise<string>;
  complete(ref: Reference, name: string, value: string): Promise<string[]>;
  instructions(): string | undefined;
  close(): Promise<void>;
}

export type Reference = { type: 'ref/prompt'; name: string } | { type: 'ref/resource'; uri: string };

interface Connection {
  headers?: Record<string, string>;
  /** The user's answer to a confirmation; absent: the client cannot ask. */
  confirms?: boolean;
}

const INFO = { name: 'test', version: '1.0.0' };

/** What both clients name alike. */
const othersOf = (client: Client | OldClient): Omit<McpClient, 'call'> => ({
  tools: async () => (await client.listTools()).tools,
  resources: async () => ({
    listed: (await client.listResources()).resources.map(({ uri }) => uri),
    templates: (await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate),
  }),
  async pages() {
    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const { resources, nextCursor } = await client.listResources({ ...(cursor ? { cursor } : {}) });
      pages.push(resources.map(({ uri }) => uri));
      cursor = nextCursor;
    } while (cursor !== undefined);
    return pages;
  },
  read: async (uri) => (await client.readResource({ uri })).contents,
  prompts: async () => (await client.listPrompts()).prompts,
  prompt: async (name, args) => {
    const { messages } = await client.getPrompt({ name, arguments: args });
    return messages.map(({ content }) => ('text' in content ? content.text : '')).join('\n');
  },
  complete: async (ref, name, value) =>
    (await client.complete({ ref, argument: { name, value } })).completion.values,
  instructions: () => client.getInstructions(),
  close: () => client.close(),
});

async function current(
  url: string,
  mode: 'auto' | 'legacy',
  { headers, confirms }: Connection,
): Promise<McpClient> {
  const client = new Client(INFO, {
    versionNegotiation: { mode },
    capabilities: confirms === undefined ? {} : { elicitation: {} },
  });
  if (confirms !== undefined)
    client.setRequestHandler('elicitation/create', () => ({
      action: 'accept',
      content: { confirm: confirms },
    }));
  await client.connect(
    new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } }),
  );
  return {
    call: async (name, args, options) =>
      (await client.callTool({ name, arguments: args }, options)) as unknown as Result,
    ...othersOf(client),
  };
}

async function old(url: string, { headers }: Connection): Promise<McpClient> {
  const client = new OldClient(INFO);
  await client.connect(new OldTransport(new URL(`${url}/mcp`), { requestInit: { headers } }));
  return {
    call: async (name, args, options) =>
      (await client.callTool({ name, arguments: args }, undefined, options)) as unknown as Result,
    ...othersOf(client),
  };
}

export const CLIENTS = ['2026', '2025', 'old'] as const;
export type ClientName = (typeof CLIENTS)[number];

/** `2026`: the current client and revision; `2025`: the same client without it; `old`: the client before. */
export function mcpClient(name: ClientName, url: string, connection: Connection = {}): Promise<McpClient> {
  if (name === 'old') return old(url, connection);
  return current(url, name === '2026' ? 'auto' : 'legacy', connection);
}
