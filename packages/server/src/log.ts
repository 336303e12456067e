/** JSON lines on standard error; standard output is for the line that says where the server listens. */
import { type Logger, pino } from 'pino';

export type { Logger };

export function createLog(level: string): Logger {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: ['req.headers.authorization'] },
    pino.destination({ fd: 2, sync: false }),
  );
}
