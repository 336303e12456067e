/**
 * One project per package, and the stories in a real browser. Tests lie beside what they test.
 *
 * `LIMNER_CHROMIUM` names the browser; without it the stories skip themselves.
 */
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const project = (name: string, include: string[], timeoutMs = 20_000) => ({
  extends: true as const,
  test: {
    name,
    include,
    testTimeout: timeoutMs,
    hookTimeout: timeoutMs,
    // A state that is waited for may take long on a loaded machine.
    expect: { poll: { timeout: 15_000 } },
  },
});

/** After all others: each has a server and a browser to itself, which use half a core. */
const stories = project('e2e', ['e2e/**/*.test.ts'], 120_000);

const inServer = project('server', ['packages/server/{src,test}/**/*.test.ts'], 60_000);
/** Its files share the modules of their worker: to load them again for each took as long as the tests. */
const server = {
  ...inServer,
  test: { ...inServer.test, setupFiles: ['packages/server/test/setup.ts'], isolate: false },
};

const inWeb = project('web', ['packages/web/src/**/*.test.{ts,tsx}']);
const web = { ...inWeb, test: { ...inWeb.test, setupFiles: ['packages/web/src/testing-setup.ts'] } };

/** What is asked of a studio, once more on Postgres. */
const ON_POSTGRES = ['task-flow', 'lanes', 'stars', 'removals', 'presets', 'cleanup'];
const inPostgres = {
  ...server,
  test: {
    ...server.test,
    name: 'postgres',
    include: ON_POSTGRES.map((name) => `packages/server/test/${name}.test.ts`),
    env: { LIMNER_TEST_DATABASE: 'postgres' },
  },
};

/** What depends on where files lie, once more with a bucket. */
const ON_S3 = ['outputs', 'removals', 'zips', 'http-upload'];
const inS3 = {
  ...server,
  test: {
    ...server.test,
    name: 's3',
    include: ON_S3.map((name) => `packages/server/test/${name}.test.ts`),
    env: { LIMNER_TEST_BLOBS: 's3' },
  },
};

/** What is about one kind of storage itself, or about the memory of a process that has no bucket in it. */
const OF_ONE_STORAGE = [
  'compat/openai-memory',
  'copy-database',
  'disk-full',
  'earlier-data',
  'installation',
  's3-start',
];
/** What `npm run test:scale` repeats: every other test of the server that starts a studio, on Postgres, Redis and a bucket at once. */
const inScale = {
  ...server,
  test: {
    ...server.test,
    name: 'scale',
    include: ['packages/server/test/**/*.test.ts'],
    exclude: OF_ONE_STORAGE.map((name) => `packages/server/test/${name}.test.ts`),
    env: { LIMNER_TEST_DATABASE: 'postgres', LIMNER_TEST_BLOBS: 's3' },
    globalSetup: ['packages/server/test/shared-redis.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
};

/** What is asked of a studio over the wire, once more of a process below a base path: each interface for other programs. */
const OVER_THE_WIRE = [
  'compat/!(kontext-plan|openai-memory|openai-waiting)',
  'http-!(callers|socket)',
  'mcp/mcp-http',
  'outputs',
];
/** The others, by `npm run test:process`: many of their tests start a process of their own, so they take minutes. */
const MORE_OVER_THE_WIRE = [
  'choices',
  'comfy-{canvas,limits,models,outputs,studio,workflows}',
  'compat/{kontext-plan,openai-memory,openai-waiting}',
  'file-names',
  'grids',
  'http-socket',
  'lanes',
  'mcp/!(mcp-http)',
  'picture-limits',
  'preset*',
  'recipe*',
  'stars',
  'task-flow',
  'webhooks',
  'workflows',
  'zips',
];
const overTheWire =
  process.env.LIMNER_TEST_WIRE === 'all' ? [...OVER_THE_WIRE, ...MORE_OVER_THE_WIRE] : OVER_THE_WIRE;

const inProcess = {
  ...server,
  test: {
    ...server.test,
    name: 'process',
    include: overTheWire.map((name) => `packages/server/test/${name}.test.ts`),
    env: { LIMNER_TEST_SERVER: 'process' },
    globalSetup: ['scripts/testing-server.mjs'],
    // Each test starts a process, which takes a loaded machine many seconds.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
};

/** What takes longest begins first: what begins last runs alone, on one core. Vitest itself begins with large files. */
const LONGEST =
  /\/(accessibility|training|proxy)\.story|\/(with-server|workers|every-trainer|starter-trainer)\.test/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => LONGEST.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    // A loaded machine takes many times the second that is the default.
    expect: { poll: { timeout: 20_000 } },
    environment: 'node',
    pool: 'forks',
    // Many tests wait for a poll, a lease or a process: one worker more than there are cores keeps them all busy.
    maxWorkers: availableParallelism() + 1,
    projects: [
      project('contract', ['packages/contract/{src,examples}/**/*.test.ts'], 60_000),
      project('mcp', ['packages/mcp/src/**/*.test.ts']),
      server,
      inPostgres,
      inS3,
      inProcess,
      ...(process.env.LIMNER_TEST_SCALE === 'all' ? [inScale] : []),
      web,
      project('cli', ['packages/cli/src/**/*.test.ts'], 60_000),
      project('scripts', ['scripts/**/*.test.mjs'], 60_000),
      { ...stories, test: { ...stories.test, maxWorkers: 3, sequence: { groupOrder: 1 } } },
    ],
    coverage: { provider: 'v8', include: ['packages/*/src/**/*.ts'], reportsDirectory: 'coverage' },
  },
});
