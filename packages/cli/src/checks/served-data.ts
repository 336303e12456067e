/** The data folder of the Limner that runs, as it names it itself. */
import type { Context } from '../context.ts';

export interface ServedData {
  url: string;
  dataDir: string;
  /** On its disk. */
  freeBytes: number;
}

/** null: none runs, or an earlier version that does not say. What is wrong with it is for `checkServer`. */
export async function servedData({ withServer }: Context): Promise<ServedData | null> {
  try {
    return await withServer(
      async ({ url, client }) => {
        const { data_dir: dataDir, disk } = await client.call('storage', {});
        return dataDir === undefined ? null : { url, dataDir, freeBytes: disk.free_bytes };
      },
      { mayStart: false },
    );
  } catch {
    return null;
  }
}
