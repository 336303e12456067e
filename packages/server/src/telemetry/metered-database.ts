/** A database whose writes are timed. Its reads are timed where they are made, see `openDatabase`. */
import type { Database } from '../db/database.ts';
import type { Meters } from './meters.ts';

export function meteredDatabase(db: Database, meters: Meters): Database {
  return {
    dialect: db.dialect,
    read: db.read,
    size: () => db.size(),
    close: () => db.close(),
    async write(work, options) {
      const beganMs = performance.now();
      try {
        return await db.write(work, options);
      } finally {
        meters.databaseWorked('write', (performance.now() - beganMs) / 1000);
      }
    },
  };
}
