/**
 * ComfyUI-Manager on a fake ComfyUI: its three interfaces (3.41, 4.2.2 and 4.2.2 with its older pages). A download is
 * `working` until the test ends it.
 */
export interface FakeManagerOptions {
  by: 'queue' | 'tasks' | 'batch';
  /** Files of its own list. */
  list?: { filename: string; save_path: string; base: string; name: string; type: string; url: string }[];
  /** Its table of node packs, by id: classes, and facts. */
  packs?: Record<string, [string[], { title_aux: string; preemptions?: string[] }]>;
  /** Its security level forbids downloads. */
  forbids?: boolean;
}

interface Answer {
  status: number;
  body: unknown;
}

export class FakeManager {
  readonly #options: FakeManagerOptions;
  /** What it was asked for, in order. */
  readonly asked: Record<string, string>[] = [];
  working = false;
  /** Packs on its disk, as it lists them. */
  installed: Record<string, { cnr_id?: string; aux_id?: string }> = {};
  /** How downloads ended, by the name that the caller gave them. */
  readonly ended = new Map<string, string>();

  constructor(options: FakeManagerOptions) {
    this.#options = options;
  }

  /** Undefined: it has no such route. */
  answer(method: string, path: string, query: URLSearchParams, body: Buffer): Answer | undefined {
    const { by } = this.#options;
    const prefix = by === 'queue' ? '' : '/v2';
    const route = path.startsWith(prefix) ? `${method} ${path.slice(prefix.length)}` : '';
    switch (route) {
      case 'GET /manager/version':
        return { status: 200, body: by === 'queue' ? 'V3.41' : 'V4.2.2' };
      case 'GET /manager/is_legacy_manager_ui':
        return by === 'tasks' ? { status: 200, body: { is_legacy_manager_ui: false } } : undefined;
      case 'GET /externalmodel/getlist':
        return by === 'tasks' ? undefined : { status: 200, body: { models: this.#options.list ?? [] } };
      case 'GET /customnode/getmappings':
        return { status: 200, body: query.get('mode') === 'local' ? (this.#options.packs ?? {}) : {} };
      case 'GET /customnode/installed':
        return { status: 200, body: this.installed };
      case 'POST /manager/queue/install':
        return by === 'queue' ? this.#installPack(JSON.parse(String(body))) : undefined;
      case 'POST /manager/queue/task':
        return by === 'tasks' ? this.#installPack(JSON.parse(String(body)).params) : undefined;
      case 'POST /manager/queue/install_model':
        return by === 'batch' ? undefined : this.#install(JSON.parse(String(body)));
      case 'POST /manager/queue/batch': {
        const { install_model: [file] = [], install: [pack] = [] } = JSON.parse(String(body));
        const { status } = pack ? this.#installPack(pack) : this.#install(file);
        return { status: 200, body: { failed: status === 200 ? [] : ['it'] } };
      }
      case 'POST /manager/queue/start':
        return { status: 200, body: '' };
      case 'GET /manager/queue/status':
        return { status: 200, body: { total_count: 1, done_count: 0, is_processing: this.working } };
      case 'GET /manager/queue/history':
        return by === 'tasks' ? this.#history(query.get('ui_id') ?? '') : undefined;
      default:
        return undefined;
    }
  }

  #installPack(item: Record<string, string>): Answer {
    if (this.#options.forbids && this.#options.by !== 'tasks')
      return { status: 403, body: 'A security error has occurred.' };
    this.asked.push(item);
    if (this.#options.forbids) {
      this.ended.set(item.ui_id ?? '', 'failed');
      return { status: 200, body: '' };
    }
    this.working = true;
    return { status: 200, body: '' };
  }

  #install(item: Record<string, string>): Answer {
    const { by, forbids, list = [] } = this.#options;
    if (forbids && by !== 'tasks') return { status: 403, body: 'A security error has occurred.' };
    const isListed = list.some(
      (each) =>
        each.save_path === item.save_path && each.base === item.base && each.filename === item.filename,
    );
    if (by !== 'tasks' && !isListed)
      return { status: 400, body: 'Invalid model install request is detected' };
    this.asked.push(item);
    if (forbids) this.ended.set(item.ui_id ?? '', 'failed');
    else this.working = true;
    return { status: 200, body: '' };
  }

  #history(id: string): Answer {
    const result = this.ended.get(id);
    if (result === undefined) return { status: 200, body: { history: null } };
    const status_str = result === 'success' ? 'success' : 'error';
    return {
      status: 200,
      body: { history: { result, status: { status_str, completed: true, messages: [] } } },
    };
  }
}
