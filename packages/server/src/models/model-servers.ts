/** The port to servers that have model files and can download more. */
import type { ServerModels } from '@limner/contract';

export interface DownloadProgress {
  /** Null: nothing of the file is there, or the server does not say. */
  doneBytes: number | null;
  isThere: boolean;
  isComplete: boolean;
  /** The server still works, on this file or on another. */
  busy: boolean;
  /** What the server said of a download that ended. */
  problem: string | null;
}

export interface ModelServers {
  /** `downloading`: names of unfinished files, by server. */
  list(downloading: ReadonlyMap<string, ReadonlySet<string>>): Promise<ServerModels[]>;
  /** Where a published file belongs. @throws StudioError `engine_unknown`, `model_unknown` */
  published(server: string, file: string): { folder: string; sizeBytes: number | null };
  /**
   * Asks a server for a download, under a key that is unique.
   * @throws StudioError `engine_unknown`, `model_unknown`, `model_present`, `download_unavailable`
   */
  start(key: string, server: string, file: string): Promise<void>;
  /** Null: the server is away or does not say. @throws StudioError `engine_unknown`, `model_unknown` */
  progress(key: string, server: string, file: string, signal?: AbortSignal): Promise<DownloadProgress | null>;
  /** By server: files that it lists but cannot load yet. */
  setIncomplete(names: ReadonlyMap<string, ReadonlySet<string>>): void;
  /** Reads a server's files again. */
  refresh(server: string): Promise<void>;
  name(server: string): string;
}
