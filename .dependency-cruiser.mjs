/**
 * The import rules, checked by `npm run check`. One arrow: server, web and command line import the contract (server and
 * command line also the tools for MCP) and never each other; on the server a request walks http → tasks → engines → storage.
 */
const TEST = '\\.(test|bench|contract)\\.[cm]?tsx?$|/testing[^/]*\\.ts$|/test/|/bench/';
const never = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

export default {
  forbidden: [
    never(
      'no-cycles',
      'Two files that need each other, if only for a type, are one file, or three.',
      {},
      { circular: true },
    ),
    never('no-missing', 'Imports something that is not there.', {}, { couldNotResolve: true }),
    never(
      'contract-knows-only-zod',
      'The contract runs in every browser and every process: zod and nothing else.',
      { path: '^packages/contract/src', pathNot: TEST },
      { pathNot: ['^packages/contract/src', '^node_modules/zod/'] },
    ),
    never(
      'packages-meet-in-the-contract',
      'Server, web and command line speak over the wire; what they share is the contract, and the tools for MCP.',
      { path: '^packages/(server|web|cli)/', pathNot: TEST },
      { path: '^packages/(server|web|cli)/', pathNot: '^packages/$1/' },
    ),
    never(
      'mcp-knows-the-contract-and-its-protocol',
      'The tools use Limner through the typed client and run in the server and in the command line.',
      { path: '^packages/mcp/src', pathNot: TEST },
      {
        pathNot: [
          '^packages/(mcp|contract)/src',
          '^node_modules/(zod|@modelcontextprotocol/server)/',
          '^(node:)?timers/promises$',
        ],
      },
    ),
    never(
      'web-knows-no-mcp',
      'Pages use the HTTP API.',
      { path: '^packages/(web|contract)/', pathNot: TEST },
      { path: '^packages/mcp/|^node_modules/@modelcontextprotocol/' },
    ),
    never(
      'only-studio-names-adapters',
      'Adapters are chosen in one place; everything else takes the port.',
      {
        path: '^packages/server/src/(engines/[^/]+|[^/]+)',
        pathNot: ['^packages/server/src/(studio/|main\\.ts$)', TEST],
      },
      {
        path: '^packages/server/src/(storage/(disk|s3)-|bus/(memory|postgres|redis)-|dispatch/(bus|bullmq)-|engines/[^/]+/(?!picture)[^/]*-engine\\.ts$)',
        // The folder an adapter lies in may name it.
        pathNot: '^packages/server/src/$1/',
      },
    ),
    never(
      'engines-know-no-http-sql-storage',
      'An engine turns one frame into pictures and knows nothing of routes, tables or folders.',
      { path: '^packages/server/src/engines/', pathNot: TEST },
      {
        path: '^packages/server/src/(http|db|storage|tasks|dispatch|redis|bus)/|^node_modules/(fastify|@fastify|kysely)/',
      },
    ),
    never(
      'engine-folders-stand-alone',
      'Engines share `embedded/`, `repaint/` and the files beside their folders; they do not import each other.',
      { path: '^packages/server/src/engines/(?!embedded/)([^/]+)/', pathNot: TEST },
      {
        path: '^packages/server/src/engines/[^/]+/',
        // The starter trainer trains the starter's own model; ComfyUI has a trainer behind the training port.
        pathNot: [
          '^packages/server/src/engines/($1|embedded|repaint|starter)/',
          '^packages/server/src/engines/training/trainer\\.ts$',
        ],
      },
    ),
    never(
      'embedded-knows-no-engine',
      'What the built-in engines share knows none of them; `embedded-child/` binds their jobs.',
      { path: '^packages/server/src/engines/embedded/', pathNot: TEST },
      { path: '^packages/server/src/engines/(?!embedded/)[^/]+/' },
    ),
    never(
      'stores-alone-build-statements',
      'Statements are built in `db/`, `search/` and stores, where both databases are kept in mind.',
      {
        path: '^packages/server/src/',
        pathNot: ['^packages/server/src/(db|search)/', '/store/[^/]+$', '-store\\.ts$', TEST],
      },
      { path: '^node_modules/kysely/' },
    ),
    never(
      'families-are-pure',
      'A family is a function from a request to a graph: no files, no network, no servers.',
      { path: '^packages/server/src/engines/comfy/families/', pathNot: TEST },
      {
        path: '^packages/server/src/engines/comfy/(link|run|servers)/|^(node:)?(fs|http|https|net|child_process|worker_threads)(/|$)',
        dependencyTypesNot: ['type-only'],
      },
    ),
    never(
      'http-is-the-edge',
      'Nothing inside knows that there is HTTP outside.',
      {
        path: '^packages/server/src/(bus|db|embedded-child|engines|images|outputs|pictures|presets|prompts|search|servers|storage|styles|tasks|training|uploads)/',
        pathNot: TEST,
      },
      { path: '^packages/server/src/http/' },
    ),
    never(
      'features-stand-alone',
      'Pages meet in `app.tsx`; what two of them need lies in `parts/`, `ui/` or `state/`.',
      { path: '^packages/web/src/features/([^/]+)/', pathNot: TEST },
      { path: '^packages/web/src/features/', pathNot: '^packages/web/src/features/$1/' },
    ),
    never(
      'shared-parts-know-no-feature',
      'What pages share knows none of them.',
      { path: '^packages/web/src/(parts|ui|state|api|i18n|theme)/', pathNot: TEST },
      { path: '^packages/web/src/features/' },
    ),
    never(
      'ui-holds-no-state',
      'What asks the server or selects from a store lies in `parts/`; `ui/` is told all by its properties.',
      { path: '^packages/web/src/ui/', pathNot: TEST },
      { path: '^packages/web/src/(parts|state|api)/' },
    ),
    never(
      'no-development-packages-at-run-time',
      'What runs must be there after an install without development dependencies.',
      { path: '^packages/[^/]+/src', pathNot: TEST },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm', 'type-only'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
