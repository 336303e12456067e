/** Reads the model files of a server: names from its lists, sizes where it tells them. */
import type { ComfyClient } from '../link/client.ts';
import { isFileName } from '../preflight.ts';
import { type ModelFile, modelFolder } from '../published-file.ts';
import { baseName, MODEL_LISTS, type ModelList, modelsOf, type ServerInfo } from '../server-info.ts';
import { foldersOf, type ListedFile, placeOf } from './inventory.ts';

/** Lists of ComfyUI that hold no models. */
const NO_MODELS = new Set(['configs', 'custom_nodes', 'datasets']);
const AT_ONCE = 4;

export async function listedFiles(client: ComfyClient, info: ServerInfo): Promise<ListedFile[]> {
  const folders = ((await client.modelFolders()) ?? []).filter((name) => !NO_MODELS.has(name));
  const read: ListedFile[] = [];
  for (let at = 0; at < folders.length; at += AT_ONCE) {
    const lists = folders.slice(at, at + AT_ONCE).map((folder) => filesOf(client, folder));
    read.push(...(await Promise.all(lists)).flat());
  }
  // Of older servers, and of GGUF files on all, only the names are known.
  return [...read, ...namesOnly(info)];
}

async function filesOf(client: ComfyClient, folder: string): Promise<ListedFile[]> {
  const files = await client.modelFiles(folder);
  return files.map(({ name, size, modified }) => ({
    folder,
    name,
    sizeBytes: size ?? null,
    modifiedMs: modified == null ? null : Math.round(modified * 1000),
  }));
}

const namesOnly = (info: ServerInfo): ListedFile[] =>
  (Object.keys(MODEL_LISTS) as ModelList[]).flatMap((folder) =>
    modelsOf(info, folder)
      .filter(isFileName)
      .map((name) => ({ folder, name, sizeBytes: null, modifiedMs: null })),
  );

/** A file that may be incomplete; null: it is not there. */
export interface FoundFile {
  /** Null: the server does not say. */
  sizeBytes: number | null;
}

export async function findFile(
  client: ComfyClient,
  file: ModelFile,
  signal?: AbortSignal,
): Promise<FoundFile | null> {
  const place = placeOf(modelFolder(file).split('/')[0] ?? '');
  const files = await client.modelFiles(place, signal);
  const sizes = files.filter(({ name }) => baseName(name) === file.file).map(({ size }) => size ?? 0);
  if (sizes.length > 0) return { sizeBytes: Math.max(...sizes) };
  const names = await Promise.all(foldersOf(place).map((folder) => client.modelNames(folder, signal)));
  return names.flat().some((name) => baseName(name) === file.file) ? { sizeBytes: null } : null;
}
