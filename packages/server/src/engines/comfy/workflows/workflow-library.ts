/** The workflows this installation knows, as families of the engine: our examples, and the files of the user's folder. */
import {
  type Workflow as Shown,
  StudioError,
  type WorkflowCreate,
  type WorkflowList,
} from '@limner/contract';
import type { ComfyEngine } from '../comfy-engine.ts';
import type { ComfyFamily } from '../families/family.ts';
import type { Workflow } from './workflow.ts';
import { workflowFamily } from './workflow-family.ts';
import {
  deleteWorkflow,
  exampleWorkflows,
  type FolderOfWorkflows,
  readWorkflowFolder,
  saveWorkflow,
} from './workflow-folder.ts';
import { readWorkflow } from './workflow-import.ts';

export class WorkflowLibrary {
  readonly #folder: string;
  readonly #engine: Pick<ComfyEngine, 'setFamilies'>;
  readonly #families: ComfyFamily[];
  readonly #examples = exampleWorkflows();
  #own: FolderOfWorkflows = { workflows: [], refused: [] };

  /** `families`: those of the engine that are no workflows. */
  constructor(folder: string, engine: Pick<ComfyEngine, 'setFamilies'>, families: ComfyFamily[]) {
    this.#folder = folder;
    this.#engine = engine;
    this.#families = families;
  }

  /** Reads the folder anew; what is in it can be used from then on. */
  async load(): Promise<void> {
    this.#own = await readWorkflowFolder(this.#folder);
    const workflows = [...this.#examples, ...this.#own.workflows.filter(({ id }) => !this.#isExample(id))];
    this.#engine.setFamilies([...this.#families, ...workflows.map((workflow) => workflowFamily(workflow))]);
  }

  /** Files that were put into the folder since are seen too. */
  async list(): Promise<WorkflowList> {
    await this.load();
    return {
      workflows: [...this.#examples, ...this.#own.workflows].map((workflow) => this.#shown(workflow)),
      refused: this.#own.refused.map(({ file, error }) => ({ file, error: error.body() })),
    };
  }

  /** A workflow of the same name is replaced. */
  async add({ name, workflow: graph, map }: WorkflowCreate): Promise<Shown> {
    const workflow = readWorkflow(map ? { graph, map } : graph, name);
    if (this.#isExample(workflow.id)) throw new StudioError('workflow_example', { field: 'name' });
    await saveWorkflow(this.#folder, workflow);
    await this.load();
    return this.#shown(workflow);
  }

  async remove(id: string): Promise<void> {
    if (this.#isExample(id)) throw new StudioError('workflow_example');
    await this.load();
    if (!this.#own.workflows.some((workflow) => workflow.id === id))
      throw new StudioError('workflow_not_found', { data: { id } });
    await deleteWorkflow(this.#folder, id);
    await this.load();
  }

  #isExample(id: string): boolean {
    return this.#examples.some((example) => example.id === id);
  }

  #shown({ id, label, kind, graph, map }: Workflow): Shown {
    return { id, label, kind, map, is_example: this.#isExample(id), nodes: Object.keys(graph).length };
  }
}
