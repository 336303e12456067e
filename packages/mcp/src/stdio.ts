/** MCP over standard input and output. Nothing else may be written to standard output. */
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { mcpServer, type ServerInfo } from './server.ts';
import type { Studio } from './studio.ts';

export interface StdioOptions extends ServerInfo {
  studioOf(): Promise<Studio>;
  onError(error: Error): void;
}

export const mcpOverStdio = ({ studioOf, onError, ...info }: StdioOptions): { close(): Promise<void> } =>
  serveStdio(() => mcpServer(studioOf, info), { onerror: onError });
