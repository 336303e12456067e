/** The simplest request of a family, for checks without a user's request. */
import { type FrameRecipe, imagesOf, type Missing, Recipe, type TaskKind } from '@limner/contract';
import type { Graph } from '../graph.ts';
import { missingFor } from '../preflight.ts';
import type { ServerInfo } from '../server-info.ts';
import type { ComfyFamily, UploadedInputs } from './family.ts';

export function sampleRequest(kind: TaskKind, family: string, type: FrameRecipe['type'] = null): FrameRecipe {
  return { ...Recipe.parse({ kind, type }), family, seed: 0 };
}

/** Placeholder names for pictures that are not on the server yet; the check does not depend on them. */
export const sampleUploads = (request: FrameRecipe): UploadedInputs =>
  new Map(imagesOf(request).map((id) => [id, { name: `${id}.png`, width: 1024, height: 1024 }]));

/** The graph of a request whose pictures are not on the server yet. */
export const sampleGraph = (build: ComfyFamily['build'], asked: FrameRecipe, info: ServerInfo): Graph =>
  build(asked, sampleUploads(asked), info).graph;

/** What a server lacks for the graph of a request. */
export const lackedBy = (build: ComfyFamily['build'], asked: FrameRecipe, info: ServerInfo): Missing[] =>
  missingFor(sampleGraph(build, asked, info), info);
