/** Before every test file of the server. */
import { guardNestedWrites } from '../src/db/nested-write.ts';

guardNestedWrites();
