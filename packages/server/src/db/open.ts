/** Opens the database that an address names. */
import type { Database } from './database.ts';
import { PostgresDatabase } from './postgres-database.ts';
import { SqliteDatabase } from './sqlite-database.ts';

export type DatabaseAddress = { dialect: 'sqlite'; file: string } | { dialect: 'postgres'; url: string };

/** `onMigrated` hears the names of the migration steps that ran. */
export const openDatabase = (
  address: DatabaseAddress,
  onMigrated: (steps: string[]) => void = () => {},
): Promise<Database> =>
  address.dialect === 'sqlite'
    ? SqliteDatabase.open(address.file, onMigrated)
    : PostgresDatabase.open(address.url, onMigrated);
