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
  instructions(): string | undefined;
  close(): Promise<void>;
}

interface Connection {
  headers?: Record<string, string>;
  /** The user's answer to a confirmation; absent: the client cannot ask. */
  confirms?: boolean;
}

const INFO = { name: 'test', version: '1.0.0' };

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
    tools: async () => (await client.listTools()).tools,
    instructions: () => client.getInstructions(),
    close: () => client.close(),
  };
}

async function old(url: string, { headers }: Connection): Promise<McpClient> {
  const client = new OldClient(INFO);
  await client.connect(new OldTransport(new URL(`${url}/mcp`), { requestInit: { headers } }));
  return {
    call: async (name, args, options) =>
      (await client.callTool({ name, arguments: args }, undefined, options)) as unknown as Result,
    tools: async () => (await client.listTools()).tools,
    instructions: () => client.getInstructions(),
    close: () => client.close(),
  };
}

export const CLIENTS = ['2026', '2025', 'old'] as const;
export type ClientName = (typeof CLIENTS)[number];

/** `2026`: the current client and revision; `2025`: the same client without it; `old`: the client before. */
export function mcpClient(name: ClientName, url: string, connection: Connection = {}): Promise<McpClient> {
  if (name === 'old') return old(url, connection);
  return current(url, name === '2026' ? 'auto' : 'legacy', connection);
}
