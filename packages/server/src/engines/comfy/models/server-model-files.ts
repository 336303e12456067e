/** The model files of all ComfyUI servers: their lists, and downloads through ComfyUI-Manager. */
import { type Bilingual, type ServerModels, StudioError } from '@limner/contract';
import { toStudioError } from '../../../error.ts';
import type { DownloadProgress, ModelServers } from '../../../models/model-servers.ts';
import type { ComfyFamily } from '../families/family.ts';
import { modelFile } from '../model-files.ts';
import type { ModelFile } from '../published-file.ts';
import type { ServerInfo } from '../server-info.ts';
import { awayMissing } from '../servers/health.ts';
import { type Member, modeOf } from '../servers/pool.ts';
import { filesOnServer, isComplete, missingFiles } from './inventory.ts';
import { findFile, listedFiles } from './listed-files.ts';
import {
  downloadState,
  findManager,
  type Manager,
  type ManagerFile,
  managerFile,
  managerList,
  startDownload,
} from './manager.ts';

export class ServerModelFiles implements ModelServers {
  readonly #members: () => readonly Member[];
  readonly #families: () => readonly ComfyFamily[];

  constructor(members: () => readonly Member[], families: () => readonly ComfyFamily[]) {
    this.#members = members;
    this.#families = families;
  }

  /** `downloading`: base names of unfinished files, by server. */
  list(downloading: ReadonlyMap<string, ReadonlySet<string>>): Promise<ServerModels[]> {
    return Promise.all(
      this.#members()
        .filter(isEnabled)
        .map((member) =>
          this.#listOne(member, downloading.get(member.config.id) ?? new Set()).catch((error) =>
            unreadable(member, toStudioError(error)),
          ),
        ),
    );
  }

  async #listOne(member: Member, downloading: ReadonlySet<string>): Promise<ServerModels> {
    const { server, config } = member;
    const info = readyInfo(member);
    const families = this.#families();
    const [listed, manager] = await Promise.all([
      listedFiles(server.client, info),
      findManager(server.client),
    ]);
    const list = manager ? await managerList(server.client, manager) : [];
    const canDownload = (file: ModelFile) => manager !== null && managerFile(file, manager, list) !== null;
    return {
      server: config.id,
      name: config.name,
      files: filesOnServer({ listed, info, families, downloading }),
      missing: missingFiles(families, info, canDownload),
      downloads: manager ? by(manager) : WITHOUT_MANAGER,
      error: null,
    };
  }

  /** @throws StudioError `engine_unknown`, `model_unknown` */
  published(serverId: string, name: string): { folder: string; sizeBytes: number | null } {
    this.#member(serverId);
    const { folder, sizeBytes = null } = publishedFile(name);
    return { folder, sizeBytes };
  }

  /**
   * Lets a server download a published file. `key` names the download in ComfyUI-Manager.
   * @throws StudioError `engine_unknown`, `model_unknown`, `model_present`, `download_unavailable`
   */
  async start(key: string, serverId: string, name: string): Promise<void> {
    const member = this.#member(serverId);
    const { client } = member.server;
    const engine = member.config.name;
    const file = publishedFile(name);
    readyInfo(member);
    const found = await findFile(client, file);
    if (found && isComplete(found.sizeBytes, file.sizeBytes ?? null))
      throw new StudioError('model_present', { data: { engine, file: name }, field: 'file' });
    const asked = await this.#askFor(file, member);
    // Without an answer it may have begun; whoever follows the download finds out.
    const refusal = await startDownload(client, asked.manager, asked.file, key).catch(() => null);
    if (refusal) throw unavailable(engine, name, refusal);
  }

  async #askFor(
    file: ModelFile,
    { server, config }: Member,
  ): Promise<{ manager: Manager; file: ManagerFile }> {
    const manager = await findManager(server.client);
    if (!manager) throw unavailable(config.name, file.file, WITHOUT_MANAGER.note);
    const asked = managerFile(file, manager, await managerList(server.client, manager));
    if (!asked) throw unavailable(config.name, file.file, NOT_LISTED);
    return { manager, file: asked };
  }

  async progress(
    key: string,
    serverId: string,
    name: string,
    signal?: AbortSignal,
  ): Promise<DownloadProgress | null> {
    const { server } = this.#member(serverId);
    if (server.link !== 'ready') return null;
    const file = publishedFile(name);
    const manager = await findManager(server.client, signal);
    // Asked first: a file that is complete when it stopped is complete.
    const state = manager ? await downloadState(server.client, manager, key, signal) : STOPPED;
    if (!state) return null;
    const found = await findFile(server.client, file, signal);
    return {
      doneBytes: found?.sizeBytes ?? null,
      isComplete: found !== null && isComplete(found.sizeBytes, file.sizeBytes ?? null),
      isThere: found !== null,
      busy: state.busy,
      problem: state.busy ? null : state.problem,
    };
  }

  /** Reads what a server has, after a download. */
  async refresh(serverId: string): Promise<void> {
    await this.#member(serverId).server.refresh();
  }

  /** By server: files that it lists but cannot load yet. */
  setIncomplete(names: ReadonlyMap<string, ReadonlySet<string>>): void {
    for (const { config, server } of this.#members()) server.setIncomplete(names.get(config.id) ?? new Set());
  }

  name(serverId: string): string {
    return this.#member(serverId).config.name;
  }

  #member(id: string): Member {
    const member = this.#members().find(({ config }) => config.id === id);
    if (!member) throw new StudioError('engine_unknown', { data: { id }, field: 'server' });
    return member;
  }
}

const isEnabled = (member: Member): boolean => modeOf(member) === 'enabled';

function publishedFile(name: string): ModelFile {
  const file = modelFile(name);
  if (file?.file === name) return file;
  throw new StudioError('model_unknown', { data: { file: name }, field: 'file' });
}

function readyInfo({ server, config }: Member): ServerInfo {
  if (server.link === 'ready' && server.info) return server.info;
  throw (
    server.error ??
    new StudioError('engine_unreachable', { data: { engine: config.name, url: server.client.server.url } })
  );
}

const unreadable = (member: Member, error: StudioError): ServerModels => ({
  server: member.config.id,
  name: member.config.name,
  files: [],
  missing: [],
  downloads: { by: null, note: awayMissing(member)[0]?.cure ?? WITHOUT_MANAGER.note },
  error: error.body('en'),
});

const STOPPED = { busy: false, problem: null } as const;

const unavailable = (engine: string, file: string, reason: Bilingual) =>
  new StudioError('download_unavailable', { data: { engine, file, reason }, field: 'file' });

const by = ({ version }: Manager): ServerModels['downloads'] => ({
  by: `ComfyUI-Manager ${version}`,
  note: {
    en: 'The server downloads through ComfyUI-Manager. It cannot be stopped there, and begins anew after an interruption.',
    zh: '服务器通过 ComfyUI-Manager 下载。下载无法中途停止，中断后会从头开始。',
  },
});

const WITHOUT_MANAGER: ServerModels['downloads'] = {
  by: null,
  note: {
    en: 'This server has no ComfyUI-Manager, so Limner cannot let it download. Run the command on the server; it resumes an interrupted download.',
    zh: '该服务器没有 ComfyUI-Manager，Limner 无法让它下载。请在服务器上运行命令；命令可续传中断的下载。',
  },
};

const NOT_LISTED: Bilingual = {
  en: 'this ComfyUI-Manager takes only files of its own list. Run the command on the server.',
  zh: '此 ComfyUI-Manager 只接受其列表中的文件。请在服务器上运行命令。',
};
