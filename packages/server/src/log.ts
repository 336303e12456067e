/** JSON lines on standard error; standard output has only the line with the server's address. */
import { type Logger, pino } from 'pino';

export type { Logger };

export function createLog(level: string): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: ['req.headers.authorization'] },
    pino.destination({ fd: 2, sync: false }),
  );
}
