/**
 * Which node packs offer node classes that a server lacks, from ComfyUI-Manager on that server. Its table is several
 * megabytes, so only what was asked for is kept, until the server connects again.
 */
import type { Bilingual } from '@limner/contract';
import { z } from 'zod';
import type { ComfyClient } from '../link/client.ts';
import { findManager, type Manager, managerPrefix, refusalOf, startQueue } from './manager.ts';

export interface OfferedPack {
  /** In ComfyUI-Manager: a name in ComfyUI's registry, or the address of a repository. */
  id: string;
  name: string;
  source: string;
  /** To be run in ComfyUI's directory. */
  command: string;
  /** Other packs with a class of this name. */
  others: string[];
}

/** An entry of its table; the table has one by pack. */
const Mapping = z.tuple([
  z.array(z.string()),
  z.object({
    title_aux: z.string().optional().catch(undefined),
    preemptions: z.array(z.string()).optional().catch(undefined),
  }),
]);
const Table = z.record(z.string(), z.unknown());
const Installed = z.record(
  z.string(),
  z.object({ cnr_id: z.string().nullish(), aux_id: z.string().nullish() }).catch({}),
);

const MOST_CLASSES = 2_000;

export class NodePacks {
  readonly #client: ComfyClient;
  /** null: no pack has it, as far as the Manager knows. */
  readonly #asked = new Map<string, OfferedPack | null>();

  constructor(client: ComfyClient) {
    this.#client = client;
  }

  /** The known packs by class. */
  get known(): ReadonlyMap<string, OfferedPack> {
    return new Map([...this.#asked].filter((entry): entry is [string, OfferedPack] => entry[1] !== null));
  }

  forget(): void {
    this.#asked.clear();
  }

  /** True if a pack was found for one of the classes that were not asked for before. Without a Manager nothing is. */
  async read(classes: readonly string[], signal?: AbortSignal): Promise<boolean> {
    const fresh = classes
      .filter((name) => !this.#asked.has(name))
      .slice(0, Math.max(0, MOST_CLASSES - this.#asked.size));
    if (fresh.length === 0) return false;
    const manager = await findManager(this.#client, signal);
    const found = manager ? await this.#offered(manager, new Set(fresh), signal) : new Map();
    for (const name of fresh) this.#asked.set(name, found.get(name) ?? null);
    return found.size > 0;
  }

  async #offered(manager: Manager, wanted: ReadonlySet<string>, signal?: AbortSignal) {
    // Its copy on the disk: the other modes ask the network first.
    const answer = await this.#client.ask(`${managerPrefix(manager)}/customnode/getmappings`, {
      query: { mode: 'local' },
      signal,
    });
    const offers = new Map<string, Offer[]>();
    for (const [id, entry] of Object.entries(Table.safeParse(answer).data ?? {})) {
      const mapping = isPackId(id) ? Mapping.safeParse(entry).data : undefined;
      if (!mapping) continue;
      const [classes, { title_aux, preemptions = [] }] = mapping;
      for (const name of new Set([...classes, ...preemptions])) {
        if (!wanted.has(name)) continue;
        const isOwner = preemptions.includes(name);
        const offer = { id, name: title_aux || nameIn(id), isOwner, classes: classes.length };
        offers.set(name, [...(offers.get(name) ?? []), offer]);
      }
    }
    return new Map([...offers].flatMap(([name, all]) => chosen(name, all, manager)));
  }
}

interface Offer {
  id: string;
  name: string;
  /** It claims the class. */
  isOwner: boolean;
  /** Number of its classes. */
  classes: number;
}

/**
 * Some packs bundle the nodes of others: one that claims the class comes first, then the one with the fewest classes. A class of
 * ComfyUI itself is in no pack: the server is older.
 */
function chosen(classType: string, all: Offer[], manager: Manager): [string, OfferedPack][] {
  if (all.some(({ id }) => COMFY.test(id))) return [];
  const [first, ...rest] = all.toSorted(
    (a, b) => Number(b.isOwner) - Number(a.isOwner) || a.classes - b.classes,
  );
  if (!first) return [];
  const { id, name } = first;
  const source = isAddress(id) ? id : `https://registry.comfy.org/nodes/${id}`;
  const others = rest.map((other) => other.name);
  return [[classType, { id, name, source, command: commandFor(id, manager), others }]];
}

const COMFY = /^https:\/\/github\.com\/(comfyanonymous|comfy-org)\/comfyui$|^comfy-core$/i;

const isAddress = (id: string): boolean => /^https:\/\/[\w.-]+\/[\w./-]+$/.test(id);
/** What could be anything else in a command is left out: the table comes from the server. */
const isPackId = (id: string): boolean => isAddress(id) || /^[\w.-]{1,100}$/.test(id);
const nameIn = (id: string): string => id.split('/').at(-1) || id;

const commandFor = (id: string, { by }: Manager): string =>
  by === 'queue' ? `python custom_nodes/ComfyUI-Manager/cm-cli.py install ${id}` : `cm-cli install ${id}`;

/** Whether the pack lies on the server: ComfyUI loads it when it starts again. */
export async function isInstalled(
  client: ComfyClient,
  manager: Manager,
  { id }: OfferedPack,
  signal?: AbortSignal,
): Promise<boolean> {
  const answer = await client.ask(`${managerPrefix(manager)}/customnode/installed`, { signal });
  const packs = Installed.safeParse(answer).data ?? {};
  const plain = id.toLowerCase();
  const author = plain.split('/').slice(-2).join('/');
  return Object.entries(packs).some(([folder, { cnr_id, aux_id }]) => {
    const names = [cnr_id, aux_id].flatMap((each) => each?.toLowerCase() ?? []);
    return isAddress(id)
      ? names.includes(author) || folder.toLowerCase() === nameIn(plain)
      : names.includes(plain);
  });
}

/** The reason of a refusal; null: the installation is queued or runs. `key` names it in the Manager. */
export async function startInstall(
  client: ComfyClient,
  manager: Manager,
  { id, name }: OfferedPack,
  key: string,
): Promise<Bilingual | null> {
  const isUnknown = isAddress(id);
  const version = isUnknown ? 'unknown' : 'latest';
  const item = {
    id: isUnknown ? nameIn(id) : id,
    title: name,
    version,
    selected_version: version,
    channel: 'default',
    mode: 'cache',
    ui_id: key,
    skip_post_install: false,
    ...(isUnknown ? { files: [id], repository: id } : {}),
  };
  const queue = `${managerPrefix(manager)}/manager/queue`;
  if (manager.by === 'batch') {
    const { status, text } = await client.send(`${queue}/batch`, {
      method: 'POST',
      json: { install: [item] },
    });
    return refusalOf(status, text, true);
  }
  const json = manager.by === 'tasks' ? { kind: 'install', params: item, ui_id: key, client_id: key } : item;
  const path = manager.by === 'tasks' ? 'task' : 'install';
  const asked = await client.send(`${queue}/${path}`, { method: 'POST', json });
  const refusal = refusalOf(asked.status, asked.text);
  if (!refusal) await startQueue(client, manager);
  return refusal;
}
