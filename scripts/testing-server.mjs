/** Before tests whose server is a process: builds the program that runs it with engines of the test. */
import { bundle } from './bundle.mjs';
import { inRoot } from './paths.mjs';

export const setup = () =>
  bundle(
    { 'testing-server': inRoot('packages/server/test/process/testing-server.ts') },
    inRoot('packages/server/dist/test'),
  );
