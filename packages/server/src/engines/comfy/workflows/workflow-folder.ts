/** The folder of the user's workflows, and the example that ships with Limner. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_WORKFLOWS, MAX_WORKFLOWS_MB, StudioError } from '@limner/contract';
import { toStudioError } from '../../../error.ts';
import type { ServerInfo } from '../server-info.ts';
import kontextBasic from './flux-kontext-basic.json' with { type: 'json' };
import type { Workflow } from './workflow.ts';
import { workflowText } from './workflow-file.ts';
import { idFor, readWorkflow } from './workflow-import.ts';

export const exampleWorkflows = (): Workflow[] => [
  { ...readWorkflow(kontextBasic, 'flux-kontext-basic'), id: idFor('flux-kontext-basic') },
];

export interface FolderOfWorkflows {
  workflows: Workflow[];
  /** Unreadable files with the reason; the others are used. */
  refused: { file: string; error: StudioError }[];
  /** Of the files that were read. */
  sizeBytes: number;
}

/** Why no further workflow of this size is taken; null: it is. */
export function beyondLimits(
  { workflows, sizeBytes }: Pick<FolderOfWorkflows, 'workflows' | 'sizeBytes'>,
  moreBytes: number,
): StudioError | null {
  if (workflows.length >= MAX_WORKFLOWS)
    return new StudioError('workflows_too_many', { data: { limit: MAX_WORKFLOWS } });
  if (sizeBytes + moreBytes > MAX_WORKFLOWS_MB * 1e6)
    return new StudioError('workflows_too_large', { data: { limit: MAX_WORKFLOWS_MB } });
  return null;
}

/** Reads the folder; a file that has not changed since is not read again. */
export class WorkflowFolder {
  readonly path: string;
  readonly #read = new Map<string, { stamp: string; workflow: Workflow | StudioError }>();

  constructor(path: string) {
    this.path = path;
  }

  async read(info?: ServerInfo): Promise<FolderOfWorkflows> {
    const found: FolderOfWorkflows = { workflows: [], refused: [], sizeBytes: 0 };
    const files = (await listed(this.path)).filter((file) => file.endsWith('.json')).sort();
    for (const file of this.#read.keys()) if (!files.includes(file)) this.#read.delete(file);
    for (const file of files) {
      const workflow = await this.#one(file, found, info);
      if (workflow instanceof StudioError) found.refused.push({ file, error: workflow });
      else if (workflow) found.workflows.push(workflow);
    }
    return found;
  }

  /** Null: it was deleted after the folder was listed. */
  async #one(
    file: string,
    before: FolderOfWorkflows,
    info?: ServerInfo,
  ): Promise<Workflow | StudioError | null> {
    const path = join(this.path, file);
    const found = await stat(path).catch(() => null);
    if (!found) return null;
    const refusal = beyondLimits(before, found.size);
    if (refusal) return refusal;
    before.sizeBytes += found.size;
    const stamp = `${found.mtimeMs} ${found.size}`;
    const known = this.#read.get(file);
    if (known?.stamp === stamp) return known.workflow;
    const workflow = await readFile(path, 'utf8')
      .then((text) => parseWorkflow(text, stem(file), info))
      .catch((error) => toStudioError(error));
    this.#read.set(file, { stamp, workflow });
    return workflow;
  }
}

const listed = (folder: string): Promise<string[]> =>
  readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });

const stem = (file: string): string => file.replace(/\.json$/i, '');

/** Parses the text of an uploaded or stored file. */
export function parseWorkflow(text: string, name: string, info?: ServerInfo): Workflow {
  let json: unknown;
  try {
    // Windows tools like to write a byte order mark.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw new StudioError('invalid_json', { field: 'workflow', cause });
  }
  // The file's name is the id, so that a copy of a file is another workflow.
  return { ...readWorkflow(json, name, info), id: idFor(name) };
}

/** Written atomically. A workflow with the same id is replaced. */
export async function saveWorkflow(folder: string, workflow: Workflow): Promise<void> {
  await mkdir(folder, { recursive: true });
  const path = await fileOf(folder, workflow.id);
  const part = `${path}.${randomUUID()}.part`;
  try {
    await writeFile(part, workflowText(workflow));
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

/** 0: there is none with this id. */
export const storedBytes = async (folder: string, id: string): Promise<number> =>
  (await stat(await fileOf(folder, id)).catch(() => null))?.size ?? 0;

export const deleteWorkflow = async (folder: string, id: string): Promise<void> =>
  rm(await fileOf(folder, id), { force: true });

/** The file that has this id, whatever its user called it; a new one's name is safe, so that it cannot leave the folder. */
async function fileOf(folder: string, id: string): Promise<string> {
  const own = (await listed(folder)).find((file) => /\.json$/i.test(file) && idFor(stem(file)) === id);
  return join(folder, own ?? `${id.replace(/^workflow-/, '').replace(/[^\p{L}\p{N}-]/gu, '')}.json`);
}
