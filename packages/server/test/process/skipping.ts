/** Tests that need more of a server than its wire are skipped where it runs as a process; the reasons are counted. */

export const ONE_PROCESS = process.env.LIMNER_TEST_SERVER !== 'process';

/** The part of Vitest's test that is used here: benches and processes of servers import this file too. */
interface CurrentTest {
  meta: { notOverTheWire?: string };
  context: { skip(note: string): never };
}

let currentTest: () => CurrentTest | undefined = () => undefined;

/** Called by the set-up of the tests. */
export function skipsThrough(read: typeof currentTest): void {
  currentTest = read;
}

/** Ends the current test as skipped. @throws outside a test, for example in `beforeAll` */
export function skipped(reason: string): never {
  const test = currentTest();
  if (!test) throw new Error(`${reason}: start the studio in beforeEach, or see ONE_PROCESS`);
  test.meta.notOverTheWire = reason;
  return test.context.skip(reason);
}
