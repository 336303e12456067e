/** The workflows this installation knows, as families of the engine: our examples, and the files of the user's folder. */
import {
  type Workflow as Shown,
  StudioError,
  type WorkflowCreate,
  type WorkflowList,
} from '@limner/contract';
import type { ComfyEngine } from '../comfy-engine.ts';
import type { ComfyFamily } from '../families/family.ts';
import { isCanvas } from './canvas/canvas.ts';
import { convertCanvas } from './canvas/canvas-graph.ts';
import type { Workflow } from './workflow.ts';
import { workflowFamily } from './workflow-family.ts';
import {
  beyondLimits,
  deleteWorkflow,
  exampleWorkflows,
  type FolderOfWorkflows,
  saveWorkflow,
  storedBytes,
  WorkflowFolder,
  workflowText,
} from './workflow-folder.ts';
import { MAX_SLUG_CHARS, readWorkflow } from './workflow-import.ts';

/** Ids are file names, which are cut to this length. */
const MAX_ID_CHARS = 'workflow-'.length + MAX_SLUG_CHARS;

export class WorkflowLibrary {
  readonly #folder: WorkflowFolder;
  readonly #engine: Pick<ComfyEngine, 'setFamilies' | 'serverInfos'>;
  readonly #families: ComfyFamily[];
  readonly #onChange: () => void;
  readonly #examples = exampleWorkflows();
  #own: FolderOfWorkflows = { workflows: [], refused: [], sizeBytes: 0 };
  #offered = false;
  /** Serialises changes of the folder, so that two requests do not choose the same file. */
  #last: Promise<unknown> = Promise.resolve();

  /** `families`: the engine's families without workflows. `onChange`: one was added or removed here. */
  constructor(
    folder: string,
    engine: Pick<ComfyEngine, 'setFamilies' | 'serverInfos'>,
    families: ComfyFamily[],
    onChange: () => void = () => {},
  ) {
    this.#onChange = onChange;
    this.#folder = new WorkflowFolder(folder);
    this.#engine = engine;
    this.#families = families;
  }

  /** Reads the folder again; new files are available then. */
  async load(): Promise<void> {
    const own = await this.#folder.read();
    // The folder reads a changed file anew, so an unchanged one is the same object.
    const held = this.#own.workflows;
    const same = own.workflows.length === held.length && own.workflows.every((each, i) => each === held[i]);
    this.#own = own;
    if (same && this.#offered) return;
    this.#offered = true;
    const workflows = [...this.#examples, ...own.workflows.filter(({ id }) => !this.#isExample(id))];
    this.#engine.setFamilies([...this.#families, ...workflows.map((workflow) => workflowFamily(workflow))]);
  }

  /** Includes files that were added to the folder meanwhile. */
  async list(): Promise<WorkflowList> {
    await this.load();
    return {
      workflows: [...this.#examples, ...this.#own.workflows].map((workflow) => this.#shown(workflow)),
      refused: this.#own.refused.map(({ file, error }) => ({ file, error: error.body() })),
    };
  }

  /** @throws StudioError `workflow_name_taken`, `workflows_too_many`, `workflows_too_large`, `workflow_example` */
  add({ name, workflow: given, map, replace }: WorkflowCreate): Promise<Shown> {
    return this.#inTurn(async () => {
      const graph = isCanvas(given) ? convertCanvas(given, this.#engine.serverInfos()) : given;
      const read = readWorkflow(map ? { graph, map } : graph, name);
      await this.load();
      const workflow = { ...read, id: this.#freeId(read, replace) };
      const others = this.#own.workflows.filter(({ id }) => id !== workflow.id);
      // What it replaces leaves room.
      const sizeBytes = this.#own.sizeBytes - (await storedBytes(this.#folder.path, workflow.id));
      const refusal = beyondLimits(
        { workflows: others, sizeBytes },
        Buffer.byteLength(workflowText(workflow)),
      );
      if (refusal) throw refusal;
      await saveWorkflow(this.#folder.path, workflow);
      await this.load();
      this.#onChange();
      return this.#shown(workflow);
    });
  }

  remove(id: string): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#isExample(id)) throw new StudioError('workflow_example');
      await this.load();
      if (!this.#own.workflows.some((workflow) => workflow.id === id))
        throw new StudioError('workflow_not_found', { data: { id } });
      await deleteWorkflow(this.#folder.path, id);
      await this.load();
      this.#onChange();
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Names that differ only in punctuation or case begin with the same id: the later one gets a number. */
  #freeId({ id, label }: Workflow, replace: boolean): string {
    if (this.#isExample(id)) throw new StudioError('workflow_example', { field: 'name' });
    const { workflows } = this.#own;
    const named = workflows.find((held) => held.label.en === label.en);
    if (named && !replace)
      throw new StudioError('workflow_name_taken', { data: { name: label.en, id: named.id }, field: 'name' });
    if (named) return named.id;
    const taken = (wanted: string) => this.#isExample(wanted) || workflows.some((held) => held.id === wanted);
    for (let n = 1; ; n += 1) {
      const suffix = n === 1 ? '' : `-${n}`;
      const wanted = `${id.slice(0, MAX_ID_CHARS - suffix.length)}${suffix}`;
      if (!taken(wanted)) return wanted;
    }
  }

  #isExample(id: string): boolean {
    return this.#examples.some((example) => example.id === id);
  }

  #shown({ id, label, kind, graph, map }: Workflow): Shown {
    return { id, label, kind, map, is_example: this.#isExample(id), nodes: Object.keys(graph).length };
  }
}
