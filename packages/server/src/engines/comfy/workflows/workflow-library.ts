/** The workflows this installation knows, as families of the engine: our examples, and the files of the user's folder. */
import {
  MAX_WORKFLOW_LABEL_CHARS,
  type Workflow as Shown,
  StudioError,
  type WorkflowCreate,
  type WorkflowDetail,
  type WorkflowList,
  type WorkflowPreview,
  type WorkflowPreviewRequest,
} from '@limner/contract';
import type { ComfyEngine } from '../comfy-engine.ts';
import type { ComfyFamily } from '../families/family.ts';
import { isCanvas } from './canvas/canvas.ts';
import { convertCanvas } from './canvas/canvas-graph.ts';
import type { Workflow } from './workflow.ts';
import { type ExamplePicture, redrawn, shownExample } from './workflow-examples.ts';
import { workflowFamily } from './workflow-family.ts';
import { fieldsOf } from './workflow-fields.ts';
import { sharedText, workflowText } from './workflow-file.ts';
import {
  beyondLimits,
  deleteWorkflow,
  exampleWorkflows,
  type FolderOfWorkflows,
  saveWorkflow,
  storedBytes,
  WorkflowFolder,
} from './workflow-folder.ts';
import { parameterKeys } from './workflow-form.ts';
import { changedWorkflow, MAX_SLUG_CHARS, readWorkflow, type WorkflowChange } from './workflow-import.ts';
import { needsOf } from './workflow-needs.ts';
import { refuseWithoutResult } from './workflow-result.ts';

/** Ids are file names, which are cut to this length. */
const MAX_ID_CHARS = 'workflow-'.length + MAX_SLUG_CHARS;

type Engine = Pick<ComfyEngine, 'setFamilies' | 'serverInfos' | 'lackedBy'>;

/** With the pictures of its examples in place of their addresses. */
type Given = Omit<WorkflowCreate, 'examples'> & Pick<WorkflowChange, 'examples'>;

export class WorkflowLibrary {
  readonly #folder: WorkflowFolder;
  readonly #engine: Engine;
  readonly #families: ComfyFamily[];
  readonly #onChange: () => void;
  readonly #examples = exampleWorkflows();
  #own: FolderOfWorkflows = { workflows: [], refused: [], sizeBytes: 0 };
  #offered = false;
  /** Serialises changes of the folder, so that two requests do not choose the same file. */
  #last: Promise<unknown> = Promise.resolve();

  /** `families`: the engine's families without workflows. `onChange`: one was added or removed here. */
  constructor(folder: string, engine: Engine, families: ComfyFamily[], onChange: () => void = () => {}) {
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
    const workflows = this.#all().filter(({ enabled }) => enabled);
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

  /** @throws StudioError `workflow_not_found` */
  async get(id: string): Promise<WorkflowDetail> {
    return this.#detail(await this.find(id));
  }

  /** Reads a file as `add` would. @throws StudioError for one that cannot be read */
  async preview({ name, workflow: given }: WorkflowPreviewRequest): Promise<WorkflowPreview> {
    const workflow = await this.#read(given, name);
    await this.load();
    const held = this.#own.workflows.find(({ label }) => label.en === workflow.label.en);
    const clash = held ? { id: held.id, label: held.label } : null;
    const examples = workflow.examples.map((example) => shownExample(example, null));
    return { ...(await this.#detail(workflow)), examples, clash };
  }

  /**
   * @throws StudioError `workflow_name_taken`, `workflows_too_many`, `workflows_too_large`, `workflow_example`,
   * `workflow_newer`
   */
  add({ name, workflow: given, replace, keep_both, ...change }: Given): Promise<WorkflowDetail> {
    return this.#inTurn(async () => {
      const fallback = change.label?.en || change.label?.zh;
      const read = changedWorkflow(await this.#read(given, name, fallback), change);
      await this.load();
      const workflow = { ...read, ...this.#freeName(read, { replace, keepBoth: keep_both }) };
      return this.#detail(await this.#save(workflow));
    });
  }

  /** Its id stays, so that recipes still name it. @throws StudioError `workflow_not_found`, `workflow_example` */
  update(id: string, change: WorkflowChange): Promise<WorkflowDetail> {
    return this.#inTurn(async () => {
      if (this.#isExample(id)) throw new StudioError('workflow_example');
      const workflow = changedWorkflow(await this.find(id), change);
      const named = this.#own.workflows.find(({ label }) => label.en === workflow.label.en);
      if (named && named.id !== id) throw nameTaken(named, 'label');
      return this.#detail(await this.#save(workflow));
    });
  }

  /** The file that is shared. */
  async shared(id: string): Promise<{ name: string; text: string }> {
    const workflow = await this.find(id);
    return {
      name: workflow.label.en,
      text: sharedText(workflow, needsOf(workflow, this.#engine.serverInfos())),
    };
  }

  /** @throws StudioError `file_not_found` */
  async picture(id: string, picture: string): Promise<ExamplePicture> {
    const { examples } = await this.find(id);
    const found = examples.find((example) => example.picture?.id === picture)?.picture;
    if (!found) throw new StudioError('file_not_found', { data: { name: picture } });
    return found;
  }

  /** @throws StudioError `workflow_not_found` */
  async find(id: string): Promise<Workflow> {
    await this.load();
    const found = this.#all().find((workflow) => workflow.id === id);
    if (!found) throw new StudioError('workflow_not_found', { data: { id } });
    return found;
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

  /** `name`: overrides the file's own. `fallback`: of a file without one. */
  async #read(given: Record<string, unknown>, name?: string, fallback = ''): Promise<Workflow> {
    const json = isCanvas(given) ? convertCanvas(given, this.#engine.serverInfos()) : given;
    const read = readWorkflow(json, name ?? fallback);
    refuseWithoutResult(read.graph, this.#engine.serverInfos());
    if (read.label.en === '') throw nameless;
    const label = name === undefined || name === read.label.en ? read.label : { en: name, zh: name };
    // Whether it is turned on belongs to the installation that the file is from.
    return { ...read, label, enabled: true, examples: await redrawn(read.examples) };
  }

  async #save(workflow: Workflow): Promise<Workflow> {
    const others = this.#own.workflows.filter(({ id }) => id !== workflow.id);
    // What it replaces leaves room.
    const sizeBytes = this.#own.sizeBytes - (await storedBytes(this.#folder.path, workflow.id));
    const moreBytes = Buffer.byteLength(workflowText(workflow));
    const refusal = beyondLimits({ workflows: others, sizeBytes }, moreBytes);
    if (refusal) throw refusal;
    await saveWorkflow(this.#folder.path, workflow);
    await this.load();
    this.#onChange();
    return workflow;
  }

  #all(): Workflow[] {
    return [...this.#examples, ...this.#own.workflows.filter(({ id }) => !this.#isExample(id))];
  }

  /**
   * A name that is taken is refused, replaced, or gets a number. Names that differ only in punctuation or case begin with
   * the same id: the later one gets a number there too.
   */
  #freeName(
    { id, label }: Workflow,
    { replace, keepBoth }: { replace: boolean; keepBoth: boolean },
  ): Pick<Workflow, 'id' | 'label'> {
    const { workflows } = this.#own;
    const named = (wanted: string) => workflows.find((held) => held.label.en === wanted);
    const taken = (wanted: string) => this.#isExample(wanted) || workflows.some((held) => held.id === wanted);
    const held = named(label.en);
    if (held && replace) return { id: held.id, label };
    if (held && !keepBoth) throw nameTaken(held, 'name');
    if (this.#isExample(id) && !keepBoth) throw new StudioError('workflow_example', { field: 'name' });
    const n = held ? firstFree(2, (n) => named(numbered(label.en, ` (${n})`, MAX_WORKFLOW_LABEL_CHARS))) : 1;
    const suffix = n === 1 ? '' : ` (${n})`;
    const text = (own: string) => numbered(own, suffix, MAX_WORKFLOW_LABEL_CHARS);
    const idAt = (n: number) => numbered(id, n === 1 ? '' : `-${n}`, MAX_ID_CHARS);
    return {
      id: idAt(firstFree(1, (n) => taken(idAt(n)))),
      label: { en: text(label.en), zh: text(label.zh) },
    };
  }

  #isExample(id: string): boolean {
    return this.#examples.some((example) => example.id === id);
  }

  #shown({ graph, needs: _, examples, ...workflow }: Workflow): Shown {
    return {
      ...workflow,
      examples: examples.map((example) => shownExample(example, workflow.id)),
      is_example: this.#isExample(workflow.id),
      nodes: Object.keys(graph).length,
    };
  }

  async #detail(workflow: Workflow): Promise<WorkflowDetail> {
    const servers = this.#engine.serverInfos();
    return {
      ...this.#shown(workflow),
      keys: parameterKeys(workflow),
      fields: fieldsOf(workflow.graph, servers),
      needs: needsOf(workflow, servers),
      servers: await this.#engine.lackedBy(workflowFamily(workflow)),
    };
  }
}

const nameless = new StudioError('invalid_request', {
  field: 'name',
  data: { reason: { en: 'the file has no name, so one is needed.', zh: '文件中没有名称，请提供一个。' } },
});

const numbered = (text: string, suffix: string, maxChars: number): string =>
  `${text.slice(0, maxChars - suffix.length)}${suffix}`;

function firstFree(from: number, taken: (n: number) => unknown): number {
  for (let n = from; ; n += 1) if (!taken(n)) return n;
}

const nameTaken = ({ id, label }: Pick<Workflow, 'id' | 'label'>, field: string): StudioError =>
  new StudioError('workflow_name_taken', { data: { name: label.en, id }, field });
