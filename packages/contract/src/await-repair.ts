/** Requests a repair and waits for its result, however long it takes and whoever started it. */
import type { Client } from './client.ts';
import { StudioError } from './error.ts';
import type { RepairResult } from './repair.ts';

const POLL_MS = 1_000;

/** The answer of a long repair may be cut off on its way, by a proxy or a client's time limit. */
const isCutOff = (error: unknown): boolean =>
  !(error instanceof StudioError) || error.code === 'proxy_answered' || error.code === 'repair_running';

/** @throws what the request threw, if nothing runs and there is no result. */
export async function awaitRepair(client: Pick<Client, 'call'>, dry_run: boolean): Promise<RepairResult> {
  try {
    return await client.call('repair', { body: { dry_run } });
  } catch (error) {
    if (!isCutOff(error)) throw error;
    return await untilEnded(client, dry_run, error);
  }
}

/** A dry run's result is none of a repair: the repair may never have begun. */
async function untilEnded(
  client: Pick<Client, 'call'>,
  dry_run: boolean,
  error: unknown,
): Promise<RepairResult> {
  for (;;) {
    const { running, result } = await client.call('repairState', {});
    if (!running && result?.dry_run === dry_run) return result;
    if (!running) throw error;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
