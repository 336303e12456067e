/**
 * Places on ComfyUI servers, counted over all processes that use them. A process counts its own frames by itself; where
 * several share the servers, a frame also takes a place here before it is sent.
 */
export interface Place {
  /** Shown address of the server. */
  server: string;
  /** What it is for: a process that takes up a frame again takes over its place. */
  owner: string;
}

export interface Places {
  /** False: others have all of the `limit`, or one of them has the server for itself. */
  take(place: Place, limit: number): Promise<boolean>;
  /** For work that is there already, whatever the limit. */
  adopt(place: Place, whole: boolean): Promise<void>;
  /**
   * The whole server: nobody else gets a place from now on. Ask again until it is `alone`; `taken`: another has the server for
   * itself, or waits for it, and nothing was reserved.
   */
  reserve(place: Place): Promise<'alone' | 'shared' | 'taken'>;
  free(place: Place): void;
  /** The process ends and its work there goes on: the place stays for whoever takes it up, until its lease has expired. */
  leave(place: Place): void;
  /** `listener` is called when another process may have freed a place. */
  onFree(listener: () => void): void;
}
