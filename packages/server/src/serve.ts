/** A studio with its HTTP server in front. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Config } from './config.ts';
import { createServer } from './http/server.ts';
import type { Logger } from './log.ts';
import { openStudio, type Studio, type StudioOptions } from './studio/studio.ts';

/**
 * Gives other programs on this machine the address of the server that uses the data folder. After a crash it may be
 * stale, so check the address before use.
 */
const ADDRESS_FILE = 'server.json';
/** How long running requests may take after a stop was announced. */
const GOODBYE_MS = 3_000;

export interface Serving {
  /** For example `http://127.0.0.1:9000` */
  url: string;
  studio: Studio;
  /** Stops taking requests, then closes everything. */
  close(): Promise<void>;
}

export async function serve(
  config: Config,
  log: Logger,
  options: Partial<StudioOptions> = {},
): Promise<Serving> {
  const studio = await openStudio({ config, log, ...options });
  try {
    const app = await createServer(studio);
    await app.listen({ host: config.host, port: config.port });
    const { port } = app.server.address() as AddressInfo;
    const host = config.host.includes(':') ? `[${config.host}]` : config.host;
    const url = `http://${host}:${port}${config.basePath}`;
    const note = path.join(config.dataDir, ADDRESS_FILE);
    await writeFile(note, JSON.stringify({ url, pid: process.pid }));
    return {
      url,
      studio,
      async close() {
        studio.announceDrain();
        if (config.drainMs > 0) await pause(config.drainMs);
        studio.announceStop();
        // Connections that are still open after this are closed.
        const patience = setTimeout(() => app.server.closeAllConnections(), GOODBYE_MS);
        await app.close();
        clearTimeout(patience);
        await removeNote(note, url);
        await studio.close();
      },
    };
  } catch (error) {
    await studio.close();
    throw error;
  }
}

/** Another server on the same folder may have replaced the file. */
async function removeNote(note: string, url: string): Promise<void> {
  const text = await readFile(note, 'utf8').catch(() => '');
  if (text.includes(`"${url}"`)) await rm(note, { force: true });
}
