/** The folder of the user's workflows, and the example that ships with Limner. */
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StudioError, toStudioError } from '../../../error.ts';
import type { ServerInfo } from '../server-info.ts';
import kontextBasic from './flux-kontext-basic.json' with { type: 'json' };
import type { Workflow } from './workflow.ts';
import { readWorkflow } from './workflow-import.ts';

export const exampleWorkflows = (): Workflow[] => [readWorkflow(kontextBasic, 'flux-kontext-basic')];

export interface FolderOfWorkflows {
  workflows: Workflow[];
  /** Files that could not be read, and why; the others are used all the same. */
  refused: { file: string; error: StudioError }[];
}

export async function readWorkflowFolder(folder: string, info?: ServerInfo): Promise<FolderOfWorkflows> {
  const found: FolderOfWorkflows = { workflows: [], refused: [] };
  const names = (await listed(folder)).filter((file) => file.endsWith('.json')).sort();
  for (const file of names) {
    try {
      found.workflows.push(parseWorkflow(await readFile(join(folder, file), 'utf8'), stem(file), info));
    } catch (error) {
      found.refused.push({ file, error: toStudioError(error) });
    }
  }
  return found;
}

const listed = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });

const stem = (file: string): string => file.replace(/\.json$/i, '');

/** From the text of a file, as uploaded or as it lies in the folder. */
export function parseWorkflow(text: string, name: string, info?: ServerInfo): Workflow {
  let json: unknown;
  try {
    // Windows tools like to write a byte order mark.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new StudioError('invalid_json', { field: 'workflow', cause });
  }
  return readWorkflow(json, name, info);
}

/** Written whole or not at all. A workflow of the same name is replaced. */
export async function saveWorkflow(folder: string, { id, label, kind, graph, map }: Workflow): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = fileOf(folder, id);
  await writeFile(`${path}.part`, `${JSON.stringify({ label, kind, map, graph }, null, 2)}\n`);
  await rename(`${path}.part`, path);
}

export const deleteWorkflow = (folder: string, id: string): Promise<void> =>
  rm(fileOf(folder, id), { force: true });

/** An id has only letters, digits and hyphens, so that it cannot leave the folder. */
const fileOf = (folder: string, id: string): string =>
  join(folder, `${id.replace(/^workflow-/, '').replace(/[^\p{L}\p{N}-]/gu, '')}.json`);
