/** Fetches all files of a finished prompt as streams. */
import { Readable } from 'node:stream';
import { mediaTypeOfFile } from '@limner/contract';
import type { EngineOutput } from '../../engine.ts';
import { layeredOutputs } from '../../layered-outputs.ts';
import type { BuiltGraph } from '../families/family.ts';
import type { Graph } from '../graph.ts';
import type { ComfyClient } from '../link/client.ts';
import type { ComfyFile, HistoryEntry } from '../link/client-shapes.ts';
import { FileGone } from './failures.ts';
import { noImage, type ResultFile, resultFiles } from './job-outcome.ts';

/** The same graph with another file name: only saving runs again, everything else is cached. */
export function savingElsewhere(graph: Graph, suffix: string): Graph {
  const renamed = Object.entries(graph).map(([id, node]) => {
    const prefix = node.inputs.filename_prefix;
    if (typeof prefix !== 'string') return [id, node] as const;
    return [id, { ...node, inputs: { ...node.inputs, filename_prefix: `${prefix}_${suffix}` } }] as const;
  });
  return Object.fromEntries(renamed);
}

export async function collect(
  client: ComfyClient,
  entry: HistoryEntry,
  built: BuiltGraph,
  family: string,
  signal: AbortSignal,
): Promise<EngineOutput[]> {
  const files = resultFiles(client.server, entry, built.outputNodes);
  const { summary } = built;
  const details = { ...built.details, server: client.server.name };
  const provenance = { engine: 'comfy', family, summary, details };
  const [first, ...rest] = files;
  if (!first) throw noImage(client.server);
  // All files must exist, because somebody may have deleted some from the output folder.
  for (const { file } of rest)
    if (!(await client.has(file, signal))) throw noImage(client.server, new FileGone(file.filename));
  const outputOf = ({ file, node }: ResultFile, chunks: AsyncGenerator<Buffer>): EngineOutput => ({
    body: Readable.from(chunks, { objectMode: false }),
    mediaType: mediaTypeOfFile(file.filename),
    role: built.roles?.[node] ?? 'main',
    provenance,
  });
  const chunks = await begun(chunksOf(client, first.file, signal));
  const outputs = [
    outputOf(first, chunks),
    ...rest.map((each) => outputOf(each, chunksOf(client, each.file, signal))),
  ];
  return built.isStack ? layeredOutputs(outputs) : outputs;
}

async function* chunksOf(client: ComfyClient, file: ComfyFile, signal: AbortSignal): AsyncGenerator<Buffer> {
  const answer = await client.view(file, signal);
  if (!answer) throw noImage(client.server, new FileGone(file.filename));
  let sizeBytes = 0;
  for await (const chunk of answer.chunks) {
    sizeBytes += chunk.length;
    yield chunk;
  }
  if (sizeBytes === 0) throw noImage(client.server);
}

/** The stream with its first chunk already read. */
async function begun(chunks: AsyncGenerator<Buffer>): Promise<AsyncGenerator<Buffer>> {
  const first = await chunks.next();
  return (async function* () {
    if (!first.done) yield first.value;
    yield* chunks;
  })();
}
