/** Opens the database that an address names. */
import type { Database } from './database.ts';
import type { OnRead } from './on-read.ts';
import { PostgresDatabase } from './postgres-database.ts';
import { SqliteDatabase } from './sqlite-database.ts';

export type DatabaseAddress = { dialect: 'sqlite'; file: string } | { dialect: 'postgres'; url: string };

/** `onMigrated` hears the names of the migration steps that ran, `onRead` how long each statement took that reads. */
export const openDatabase = (
  address: DatabaseAddress,
  onMigrated: (steps: string[]) => void = () => {},
  onRead?: OnRead,
): Promise<Database> =>
  address.dialect === 'sqlite'
    ? SqliteDatabase.open(address.file, onMigrated, onRead)
    : PostgresDatabase.open(address.url, onMigrated, onRead);
