/** Node packs that the families of each ComfyUI server need and it lacks, and their installation by ComfyUI-Manager. */
import { randomUUID } from 'node:crypto';
import {
  type Bilingual,
  type Missing,
  type MissingPack,
  type ServerPacks,
  StudioError,
} from '@limner/contract';
import { toStudioError } from '../../../error.ts';
import { coreSince, updateFor } from '../core-nodes.ts';
import type { ComfyFamily } from '../families/family.ts';
import { COMFY_ITSELF, type ServerInfo } from '../server-info.ts';
import { type Member, modeOf } from '../servers/pool.ts';
import { downloadState, findManager, type Manager } from './manager.ts';
import { isInstalled, startInstall } from './node-packs.ts';

/** Others name an input or a value of a node that is there: `KSampler.scheduler = x`. */
const isMissingClass = ({ what, name }: Missing, { nodes }: ServerInfo): boolean =>
  what === 'node' && !nodes.has(name) && !nodes.has(name.split('.')[0] ?? '');

/** Node classes that the families need and the server has not. */
export const missingClasses = (families: readonly ComfyFamily[], info: ServerInfo): string[] => [
  ...new Set(
    families
      .flatMap((family) => family.missing(info))
      .filter((missing) => isMissingClass(missing, info))
      .map(({ name }) => name),
  ),
];

export class ServerNodePacks {
  readonly #members: () => readonly Member[];
  readonly #families: () => readonly ComfyFamily[];
  /** Key of the last installation that this process asked for, by server and pack. */
  readonly #asked = new Map<string, string>();

  constructor(members: () => readonly Member[], families: () => readonly ComfyFamily[]) {
    this.#members = members;
    this.#families = families;
  }

  /** Of servers that are there. */
  list(): Promise<ServerPacks[]> {
    const ready = this.#members().filter(
      (member) => modeOf(member) === 'enabled' && member.server.link === 'ready' && member.server.info,
    );
    return Promise.all(
      ready.map((member) =>
        this.#listOne(member).catch((error) => ({
          ...named(member),
          manager: null,
          working: false,
          packs: [],
          error: toStudioError(error).body('en'),
        })),
      ),
    );
  }

  async #listOne(member: Member): Promise<ServerPacks> {
    const { server } = member;
    const info = server.info as ServerInfo;
    await server.findPacks(missingClasses(this.#families(), info));
    const packs = missingPacks(this.#families(), server.info ?? info);
    const manager = await findManager(server.client);
    const state = manager ? await downloadState(server.client, manager, 'limner') : null;
    const offered = new Map([...server.packs.known.values()].map((pack) => [pack.id, pack]));
    for (const pack of packs) {
      const known = pack.pack === null ? undefined : offered.get(pack.pack);
      if (!known || !manager) continue;
      pack.installed = await isInstalled(server.client, manager, known);
      pack.problem = pack.installed ? null : await this.#problemOf(member, manager, known.id);
    }
    return {
      ...named(member),
      manager: manager ? `ComfyUI-Manager ${manager.version}` : null,
      working: state?.busy === true,
      packs,
      error: null,
    };
  }

  /** Why an installation that was asked for here left nothing. */
  async #problemOf({ server, config }: Member, manager: Manager, pack: string): Promise<Bilingual | null> {
    const key = this.#asked.get(`${config.id} ${pack}`);
    const state = key === undefined ? null : await downloadState(server.client, manager, key);
    if (!state || state.busy) return null;
    return state.problem === null ? NOTHING_THERE : { en: state.problem, zh: state.problem };
  }

  /**
   * Lets a server install a pack that one of its missing classes is in. ComfyUI loads it when it starts again.
   * @throws StudioError `engine_unknown`, `engine_unreachable`, `pack_unknown`, `pack_unavailable`
   */
  async install(serverId: string, pack: string): Promise<void> {
    const member = this.#members().find(({ config }) => config.id === serverId);
    if (!member) throw new StudioError('engine_unknown', { data: { id: serverId }, field: 'server' });
    const { server, config } = member;
    const offered = [...server.packs.known.values()].find(({ id }) => id === pack);
    if (!offered)
      throw new StudioError('pack_unknown', { data: { engine: config.name, pack }, field: 'pack' });
    const manager = await findManager(server.client);
    const key = randomUUID();
    const reason = manager ? await startInstall(server.client, manager, offered, key) : NO_MANAGER;
    if (reason)
      throw new StudioError('pack_unavailable', {
        data: { engine: config.name, pack: offered.name, reason },
        field: 'pack',
      });
    this.#asked.set(`${serverId} ${pack}`, key);
  }
}

const named = ({ config }: Member) => ({ server: config.id, name: config.name });

/** Each pack once, with the classes and families that need it; classes of no known pack come last, together. */
function missingPacks(families: readonly ComfyFamily[], info: ServerInfo): MissingPack[] {
  const packs = new Map<string, MissingPack>();
  for (const family of families)
    for (const missing of family.missing(info)) {
      if (!isMissingClass(missing, info)) continue;
      const { name, cure, source = null, licence = null, command = null, pack = null } = missing;
      const isCore = coreSince(name) !== undefined;
      const key = source ?? (isCore ? COMFY_ITSELF : '');
      const held = packs.get(key) ?? {
        pack,
        source,
        licence,
        command,
        cure: source === null ? NO_PACK : cure,
        classes: [],
        families: [],
        installed: false,
        problem: null,
      };
      held.classes = [...new Set([...held.classes, name])];
      held.families = [...new Set([...held.families, family.spec.id])];
      if (isCore) held.cure = updateFor(held.classes);
      packs.set(key, held);
    }
  return [...packs.values()].toSorted((a, b) => Number(a.source === null) - Number(b.source === null));
}

const NO_PACK: Bilingual = {
  en: 'No pack is known for these. They may come with a newer ComfyUI: update it, or look in its log for why a node did not load.',
  zh: '不知道这些节点属于哪个扩展。它们可能属于更新版本的 ComfyUI：请更新，或在其日志中查看节点未加载的原因。',
};

const NOTHING_THERE: Bilingual = {
  en: "ComfyUI-Manager stopped and the pack is not there. The server's log says why.",
  zh: 'ComfyUI-Manager 已停止，但扩展并未安装。原因请见服务器日志。',
};

const NO_MANAGER: Bilingual = {
  en: 'it has no ComfyUI-Manager. Run the command on the server.',
  zh: '该服务器没有 ComfyUI-Manager。请在服务器上运行命令。',
};
