/**
 * The right to start a program on a device of this machine. Whoever has it looks whether the device is free and starts its
 * program, while every other Limner of the machine waits: two that looked at once would both find it free.
 *
 * It is the name of a socket in Linux's abstract namespace, so it ends with its process, however that dies, and leaves no file.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';

export interface DeviceClaim {
  release(): void;
}

/** Null: another one has it. Elsewhere than on Linux everyone has it. */
export async function claimDevice(device: string): Promise<DeviceClaim | null> {
  if (process.platform !== 'linux') return { release: () => undefined };
  const name = createHash('sha256').update(device).digest('hex').slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  const isMine = await new Promise<boolean>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(false) : reject(error),
    );
    server.listen(`\0limner-device-${name}`, () => resolve(true));
  });
  if (!isMine) return null;
  server.unref();
  return { release: () => void server.close() };
}
