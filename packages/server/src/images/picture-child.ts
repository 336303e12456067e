/** A process that decodes one large picture and ends. */
import { type CleanOrder, type CleanSize, cleanFile } from './clean-file.ts';

/** `message`: why the decoder refused. */
export type CleanReply = { size: CleanSize; message?: never } | { size?: never; message: string };

if (!process.send) throw new Error('This file runs as a child of the server.');

process.once('message', async (order: CleanOrder) => {
  const reply = await cleanFile(order).then(
    (size): CleanReply => ({ size }),
    (error: Error): CleanReply => ({ message: error.message }),
  );
  process.send?.(reply, () => process.exit());
});
// The server has exited, so nobody waits for the picture.
process.once('disconnect', () => process.exit());
