import { testDatabase, testDialects } from '../../test/test-database.ts';
import { databaseContract } from './database.contract.ts';

for (const [name, dialect] of await testDialects())
  databaseContract(name, () => testDatabase(dialect), { severalConnections: name !== 'PGlite' });
