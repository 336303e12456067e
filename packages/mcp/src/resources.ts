/** Resources: finished pictures, styles, families and tasks, for hosts that let the user attach them. */
import { type Language, parseOutputId, StudioError } from '@limner/contract';
import {
  type McpServer,
  type ReadResourceResult,
  ResourceNotFoundError,
  ResourceTemplate,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { callOf } from './call.ts';
import { offered, pictureIds, styleIds, taskIds } from './completions.ts';
import { previewOf } from './preview.ts';
import { listPage } from './resource-pages.ts';
import { LISTED } from './resource-titles.ts';
import { Refusal, sentenceOf } from './result.ts';
import type { StudioOf } from './studio.ts';
import { taskFacts } from './task-facts.ts';
import type { ToolCall } from './tool.ts';
import { foundOutput } from './tools/pictures.ts';
import { familyFacts, readyFamilies, styleFacts } from './tools/studio.ts';

const JSON_TYPE = 'application/json';

export function addResources(server: McpServer, studioOf: StudioOf, language: Language): void {
  const listed = LISTED[language];
  const reading =
    (read: (call: ToolCall, variables: Record<string, string>, uri: string) => Promise<ReadResourceResult>) =>
    async (uri: URL, variables: unknown, context?: ServerContext) => {
      const isPlain = context === undefined;
      const given = (isPlain ? {} : variables) as Record<string, string>;
      const asked = (isPlain ? variables : context) as ServerContext;
      return readOf(uri, language, async () =>
        read(callOf(asked, await studioOf(), language), given, uri.href),
      );
    };

  server.registerResource(
    'families',
    'limner://families',
    { ...listed.families, mimeType: JSON_TYPE },
    reading(async ({ studio }, _, uri) =>
      json(
        uri,
        (await readyFamilies(studio)).map((family) => familyFacts(family, language)),
      ),
    ),
  );
  server.registerResource(
    'style',
    new ResourceTemplate('limner://styles/{id}', {
      list: undefined,
      complete: { id: offered(studioOf, styleIds) },
    }),
    { ...listed.styles, mimeType: JSON_TYPE },
    reading(async ({ studio }, { id }, uri) => {
      const style = (await studio.client.call('listStyles', {})).find((each) => String(each.id) === id);
      if (!style) throw new ResourceNotFoundError(uri);
      return json(uri, { ...styleFacts(style, language), trigger_words: style.trigger_words });
    }),
  );
  server.registerResource(
    'picture',
    new ResourceTemplate('limner://pictures/{id}', {
      list: undefined,
      complete: { id: offered(studioOf, pictureIds) },
    }),
    listed.pictures,
    reading((call, { id = '' }, uri) => readPicture(call, id, uri)),
  );
  server.registerResource(
    'task',
    new ResourceTemplate('limner://tasks/{id}', {
      list: undefined,
      complete: { id: offered(studioOf, taskIds) },
    }),
    { ...listed.tasks, mimeType: JSON_TYPE },
    reading(async (call, { id = '' }, uri) => {
      if (!/^[1-9]\d{0,14}$/.test(id)) throw new ResourceNotFoundError(uri);
      const task = await call.studio.client.call('getTask', { params: { id: Number(id) } });
      return json(uri, await taskFacts(task, call));
    }),
  );
  // The library has no pages.
  server.server.setRequestHandler('resources/list', async ({ params }) =>
    listPage(await studioOf(), listed, params?.cursor),
  );
}

/** Refusals in the caller's language; what is not there as the protocol wants it. */
async function readOf(
  uri: URL,
  language: Language,
  read: () => Promise<ReadResourceResult>,
): Promise<ReadResourceResult> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof ResourceNotFoundError) throw error;
    const isMissing = error instanceof Refusal || (error instanceof StudioError && error.status === 404);
    throw isMissing ? new ResourceNotFoundError(uri.href) : new Error(sentenceOf(error, language));
  }
}

const json = (uri: string, facts: unknown): ReadResourceResult => ({
  contents: [{ uri, mimeType: JSON_TYPE, text: JSON.stringify(facts) }],
});

async function readPicture(call: ToolCall, id: string, uri: string): Promise<ReadResourceResult> {
  const task = parseOutputId(id)?.task;
  if (task === undefined) throw new ResourceNotFoundError(uri);
  const { facts, picture } = await foundOutput(id, task, call);
  const shown = await previewOf(picture, call);
  const about = { uri: `${uri}#facts`, mimeType: JSON_TYPE, text: JSON.stringify(facts) };
  return { contents: [...(shown ? [{ uri, mimeType: shown.mimeType, blob: shown.data }] : []), about] };
}
