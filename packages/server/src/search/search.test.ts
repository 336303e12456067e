import { testDatabase, testDialects } from '../../test/test-database.ts';
import { searchContract } from './search.contract.ts';

for (const [name, dialect] of await testDialects()) searchContract(name, () => testDatabase(dialect));
