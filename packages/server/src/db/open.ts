/** Opens the database that an address names. */
import type { Database } from './database.ts';
import { PostgresDatabase } from './postgres-database.ts';
import { SqliteDatabase } from './sqlite-database.ts';

export type DatabaseAddress = { dialect: 'sqlite'; file: string } | { dialect: 'postgres'; url: string };

export const openDatabase = (address: DatabaseAddress): Promise<Database> =>
  address.dialect === 'sqlite' ? SqliteDatabase.open(address.file) : PostgresDatabase.open(address.url);
