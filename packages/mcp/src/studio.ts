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
  /** Settles when a task has ended or is gone, or at the signal. Absent: the task is asked for again and again. */
  ended?(id: number, signal: AbortSignal): Promise<unknown>;
  /** Pictures that were taken out of the call's arguments (`keepPictures`): their uploads, or why there is none. */
  kept?: ReadonlyMap<string, string | Error>;
  /** Aborted when the answer can no longer be sent although nobody cancelled: tasks keep running. */
  leaving: AbortSignal;
  /** Aborted when the client cancels the call by a request of its own. */
  cancelled?: AbortSignal;
}

/** The studio of one call; over the network it may have to be found first. */
export type StudioOf = () => Studio | Promise<Studio>;
