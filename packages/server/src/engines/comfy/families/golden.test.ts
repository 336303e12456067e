/** Compares every family's graphs with stored ones that a real ComfyUI accepted. `-u` updates the stored ones. */
import { describe, expect, test } from 'vitest';
import { CASES } from '../fixtures/graph-cases.ts';
import { brokenRules } from '../fixtures/graph-rules.ts';
import { FILES, PICTURES } from '../fixtures/requests.ts';
import { fullServer, newServer } from '../fixtures/servers.ts';
import type { Graph } from '../graph.ts';
import { comfyFamilies } from './index.ts';

/** One node per line, so that a diff shows the changed nodes. */
const written = (graph: Graph): string =>
  `{\n${Object.entries(graph)
    .map(([id, node]) => `  "${id}": ${JSON.stringify(node)}`)
    .join(',\n')}\n}\n`;

describe.each(CASES)('$name', ({ name, request, files, isNew }) => {
  const server = isNew ? newServer() : fullServer();
  const family = comfyFamilies(files ?? FILES).find(({ spec }) => spec.id === request.family);
  const built = family?.build(request, PICTURES, server);

  test('is the graph we know', async () => {
    await expect(written(built?.graph ?? {})).toMatchFileSnapshot(`./golden/${name}.golden.json`);
  });

  test('keeps the rules of the server', () => {
    expect(brokenRules(built?.graph ?? {}, server)).toEqual([]);
  });

  test('needs nothing a full server lacks', () => {
    expect(family?.missing(server, request)).toEqual([]);
  });
});
