/**
 * Stops one prompt and never a neighbour. Newer servers do that in one call. On others a waiting prompt is taken out of
 * the queue and a running one is interrupted. Servers before 0.3.64 may ignore the id and stop whatever runs: there it
 * is only done if the queue shows that ours runs and nothing waits behind it; otherwise the prompt finishes and its
 * result is ignored.
 */
import type { ComfyClient } from '../link/client.ts';
import { isOlder, isVersion } from '../version.ts';

export async function cancelPrompt(
  client: ComfyClient,
  promptId: string,
  version: string | null,
): Promise<void> {
  if (await client.cancelJob(promptId)) return;
  await client.dequeue(promptId);
  const { running, pending } = await client.queue();
  if (!running.includes(promptId)) return;
  if (interruptsById(version) || pending.length === 0) await client.interrupt(promptId);
}

/** Removes a waiting prompt; false if it has started or ended, and is unchanged. */
export async function takeOut(client: ComfyClient, promptId: string): Promise<boolean> {
  const before = await client.queue();
  if (!before.pending.includes(promptId)) return false;
  await client.dequeue(promptId);
  const { running, pending } = await client.queue();
  if (running.includes(promptId) || pending.includes(promptId)) return false;
  return (await client.history(promptId)) === null;
}

const FIRST_WITH_ID = '0.3.64';

/** False where the version is not known. */
export const interruptsById = (version: string | null): boolean =>
  isVersion(version) && !isOlder(version, FIRST_WITH_ID);
