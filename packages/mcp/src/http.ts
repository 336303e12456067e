/** Streamable HTTP: each request is answered by a server of its own, for clients of every revision. */
import { createMcpHandler } from '@modelcontextprotocol/server';
import { mcpServer, type ServerInfo } from './server.ts';
import type { Studio } from './studio.ts';

export interface HttpOptions extends ServerInfo {
  /** `closingCancels`: in the client's revision a closed connection means that the client cancelled. */
  studioOf(closingCancels: boolean): Studio;
  maxBodyBytes: number;
  /** The request's body where it has been read already. */
  message?: unknown;
  onError(error: Error): void;
}

export const answerMcp = (request: Request, options: HttpOptions): Promise<Response> =>
  createMcpHandler(({ era }) => mcpServer(() => options.studioOf(era === 'modern'), infoOf(options)), {
    maxRequestBodySize: options.maxBodyBytes,
    // The tools never change, so there is no news to subscribe to.
    maxSubscriptions: 0,
    onerror: options.onError,
  }).fetch(request, options.message === undefined ? {} : { parsedBody: options.message });

const infoOf = (options: HttpOptions): ServerInfo => ({
  ...options,
  onlyTools: (options.message as { method?: unknown } | undefined)?.method === 'tools/call',
});
