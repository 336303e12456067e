/**
 * ComfyUI servers that users add, drain, disable and remove at run time. Rows keep them over restarts; the pool uses
 * them. For servers of the environment only name and mode are stored, not the address.
 */
import {
  type EngineHealth,
  type ServerCreate,
  type ServerMode,
  type ServerUpdate,
  StudioError,
} from '@limner/contract';
import type { Database } from '../db/database.ts';
import { deleteServer, insertServer, type ServerRow, serverRows, upsertServer } from './servers-store.ts';

export interface ServerConfig {
  id: string;
  name: string;
  url: string;
  token?: string | null;
  mode?: ServerMode;
}

/** The engine behind it. */
export interface ServerPool {
  servers(): ServerConfig[];
  addServer(config: ServerConfig): void;
  updateServer(id: string, change: Partial<Omit<ServerConfig, 'id'>>): void;
  removeServer(id: string): void;
  refresh(id?: string): Promise<void>;
  health(): Promise<EngineHealth[]>;
}

export class Servers {
  readonly #db: Database;
  readonly #pool: ServerPool;
  /** Id, name and printable address of a server given by its address. */
  readonly #serverAt: (url: string) => ServerConfig;
  readonly #fixed: ReadonlySet<string>;
  readonly #onChange: () => void;
  /** Changes and readings of the rows, one after the other: so that the pool does not return to older rows. */
  #last: Promise<unknown> = Promise.resolve();

  /** `onChange`: called after this process changed rows. */
  constructor(
    db: Database,
    pool: ServerPool,
    serverAt: (url: string) => ServerConfig,
    onChange: () => void = () => {},
  ) {
    this.#onChange = onChange;
    this.#db = db;
    this.#pool = pool;
    this.#serverAt = serverAt;
    this.#fixed = new Set(pool.servers().map(({ id }) => id));
  }

  /** Updates the pool from the rows, which other processes change too. */
  load(): Promise<void> {
    return this.#inTurn(async () => {
      const rows = await serverRows(this.#db.read);
      for (const row of rows) this.#put(row);
      const known = new Set(rows.map(({ id }) => id));
      for (const { id } of this.#pool.servers())
        if (!this.#fixed.has(id) && !known.has(id)) this.#pool.removeServer(id);
    });
  }

  #put({ id, name, url, token, mode }: ServerRow): void {
    const held = this.#find(id);
    const isSame = held?.name === name && (held.mode ?? 'enabled') === mode;
    if (this.#fixed.has(id)) {
      if (!isSame) this.#pool.updateServer(id, { name, mode });
    } else if (url !== null && !(isSame && (held.token ?? null) === token)) {
      this.#pool.addServer({ id, name, url, token, mode });
    }
  }

  /** @throws StudioError `engine_known` for an existing address. */
  async add({ url, name, token = null }: ServerCreate): Promise<EngineHealth> {
    const config = this.#serverAt(url);
    if (this.#find(config.id)) throw alreadyKnown(url);
    const server = { ...config, name: name ?? config.name, token };
    const row = {
      id: server.id,
      name: server.name,
      url,
      token,
      mode: 'enabled' as const,
      created_at: Date.now(),
    };
    await this.#change(async () => {
      if (!(await this.#db.write((trx) => insertServer(trx, row)))) throw alreadyKnown(url);
      this.#pool.addServer(server);
    });
    return this.refresh(server.id);
  }

  async update(id: string, change: ServerUpdate): Promise<EngineHealth> {
    const server = this.#find(id) ?? unknown(id);
    const { name, mode } = {
      name: change.name ?? server.name,
      mode: change.mode ?? server.mode ?? 'enabled',
    };
    const row = {
      id,
      name,
      url: this.#fixed.has(id) ? null : server.url,
      token: server.token ?? null,
      mode,
      created_at: Date.now(),
    };
    await this.#change(async () => {
      await this.#db.write((trx) => upsertServer(trx, row));
      this.#pool.updateServer(id, { name, mode });
    });
    return this.#health(id);
  }

  async remove(id: string): Promise<void> {
    const server = this.#find(id) ?? unknown(id);
    if (this.#fixed.has(id)) throw new StudioError('engine_fixed', { data: { engine: server.name } });
    await this.#change(async () => {
      await this.#db.write((trx) => deleteServer(trx, id));
      if (this.#find(id)) this.#pool.removeServer(id);
    });
  }

  async refresh(id: string): Promise<EngineHealth> {
    if (!this.#find(id)) unknown(id);
    await this.#pool.refresh(id);
    return this.#health(id);
  }

  namedIn(id: string): EngineHealth['named_in'] {
    if (!this.#find(id)) return null;
    return this.#fixed.has(id) ? 'environment' : 'settings';
  }

  async #change(work: () => Promise<void>): Promise<void> {
    await this.#inTurn(work);
    this.#onChange();
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #health(id: string): Promise<EngineHealth> {
    const found = (await this.#pool.health()).find((health) => health.id === id);
    return found ? { ...found, named_in: this.namedIn(id) } : unknown(id);
  }

  #find(id: string): ServerConfig | undefined {
    return this.#pool.servers().find((server) => server.id === id);
  }
}

const alreadyKnown = (url: string) =>
  new StudioError('engine_known', { data: { url: withoutCredentials(url) }, field: 'url' });

function unknown(id: string): never {
  throw new StudioError('engine_unknown', { data: { id } });
}

function withoutCredentials(address: string): string {
  const url = new URL(address);
  return `${url.origin}${url.pathname}`;
}
