/** What the tools use of Limner: its HTTP API, over the network or in the same process. */
import type { Client } from '@limner/contract';

export interface Studio {
  client: Client;
  /** The bytes at an address that Limner gave out, such as `/outputs/12_0.png`. */
  read(url: string, signal: AbortSignal): Promise<Response>;
  /** The same address in full, as the user's browser reaches it. */
  address(url: string): string;
  /** Uploads a file of the machine where the client runs, and returns the upload's id. Absent: no file can be read. */
  uploadFile?(path: string): Promise<string>;
  /** Aborted when the answer can no longer be sent although nobody cancelled: tasks keep running. */
  leaving: AbortSignal;
}
