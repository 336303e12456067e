/**
 * What a server's model files are, from its lists: which families load them, what is there twice, in the wrong folder or
 * incomplete, and which published files are missing. Pure.
 */
import type { MissingModelFile, ModelNote, ServerModelFile } from '@limner/contract';
import type { ComfyFamily } from '../families/family.ts';
import type { Graph } from '../graph.ts';
import { downloadCommand, modelFile } from '../model-files.ts';
import { isFileName } from '../preflight.ts';
import { type ModelFile, modelFolder } from '../published-file.ts';
import { baseName, type ServerInfo } from '../server-info.ts';

/** A file as a server lists it. */
export interface ListedFile {
  folder: string;
  name: string;
  sizeBytes: number | null;
  modifiedMs: number | null;
}

/** Published sizes are rounded; a smaller file was cut off. */
const COMPLETE_SHARE = 0.97;

/** Names of one place: ComfyUI's older ones, and those that the GGUF pack adds for the same places. */
const SAME_PLACE: Readonly<Record<string, string>> = {
  unet: 'diffusion_models',
  unet_gguf: 'diffusion_models',
  clip: 'text_encoders',
  clip_gguf: 'text_encoders',
};
export const placeOf = (folder: string): string => SAME_PLACE[folder] ?? folder;

/** All names of a place. */
export const foldersOf = (place: string): string[] => [
  place,
  ...Object.keys(SAME_PLACE).filter((name) => SAME_PLACE[name] === place),
];

/** The same on servers of every system. */
const plainName = (name: string): string => name.replaceAll('\\', '/');

export interface InventoryInput {
  listed: readonly ListedFile[];
  info: ServerInfo;
  families: readonly ComfyFamily[];
  /** Base names of files that are being downloaded. */
  downloading: ReadonlySet<string>;
}

export function filesOnServer({ listed, info, families, downloading }: InventoryInput): ServerModelFile[] {
  const files = oncePerPlace(listed);
  const loads = families.map((family) => ({
    id: family.spec.id,
    files: new Set(loadedBy(family, info).map(plainName)),
  }));
  const namesakes = new Map<string, ListedFile[]>();
  for (const file of files) {
    const name = baseName(file.name).toLowerCase();
    namesakes.set(name, [...(namesakes.get(name) ?? []), file]);
  }
  return files.map((file) => {
    const known = modelFile(file.name);
    return {
      folder: file.folder,
      name: file.name,
      size_bytes: file.sizeBytes,
      modified_at: file.modifiedMs === null ? null : new Date(file.modifiedMs).toISOString(),
      licence: known?.licence ?? null,
      source: known?.source ?? null,
      families: loads.filter((each) => each.files.has(plainName(file.name))).map(({ id }) => id),
      notes: downloading.has(baseName(file.name))
        ? [DOWNLOADING]
        : notesOf(file, { known, namesakes: namesakes.get(baseName(file.name).toLowerCase()) ?? [], info }),
    };
  });
}

/** The first of each place and name, with the size that any of its lists says. */
function oncePerPlace(listed: readonly ListedFile[]): ListedFile[] {
  const files = new Map<string, ListedFile>();
  for (const { folder, name, sizeBytes, modifiedMs } of listed) {
    const place = placeOf(folder);
    const key = `${place}/${plainName(name)}`;
    const held = files.get(key);
    files.set(key, {
      folder: place,
      name: held?.name ?? name,
      sizeBytes: held?.sizeBytes ?? sizeBytes,
      modifiedMs: held?.modifiedMs ?? modifiedMs,
    });
  }
  return [...files.values()].toSorted(
    (a, b) => a.folder.localeCompare(b.folder) || a.name.localeCompare(b.name),
  );
}

/** Files of the family's plainest graph on this server, and those that can be chosen as its model. */
function loadedBy(family: ComfyFamily, info: ServerInfo): readonly string[] {
  const offered = family.choices?.(info).model ?? [];
  return family.missing(info).length > 0 ? offered : [...offered, ...filesIn(family.plainGraph(info))];
}

const filesIn = (graph: Graph): string[] =>
  Object.values(graph).flatMap(({ inputs }) =>
    Object.values(inputs).filter((value): value is string => typeof value === 'string' && isFileName(value)),
  );

interface Context {
  known: ModelFile | undefined;
  /** Files with its base name, itself included. */
  namesakes: readonly ListedFile[];
  info: ServerInfo;
}

function notesOf(file: ListedFile, { known, namesakes, info }: Context): ModelNote[] {
  const notes: ModelNote[] = [];
  const others = namesakes.filter((other) => other !== file);
  const isSame = ({ sizeBytes }: ListedFile) => sizeBytes !== null && sizeBytes === file.sizeBytes;
  const twins = others.filter(isSame);
  const strangers = others.filter((other) => other.sizeBytes !== null && !isSame(other));
  if (twins.length > 0) notes.push(duplicate(twins.map(pathOf)));
  if (strangers.length > 0 && file.sizeBytes !== null) notes.push(sameName(strangers.map(pathOf)));
  const wanted = wantedFolder(file, known, info);
  if (wanted) notes.push(wrongFolder(wanted));
  const published = known?.sizeBytes;
  if (published && file.sizeBytes !== null && file.sizeBytes < published * COMPLETE_SHARE)
    notes.push(incomplete(file.sizeBytes, published));
  return notes;
}

const pathOf = ({ folder, name }: ListedFile): string => `${folder}/${name}`;

/** Undefined: it lies where it belongs, or we do not know. */
function wantedFolder(
  file: ListedFile,
  known: ModelFile | undefined,
  { architectures }: ServerInfo,
): string | undefined {
  // The metadata of a LoRA says so (modelspec: `flux-1-dev/lora`).
  const isLora = /\/lora$/i.test(architectures?.get(file.name) ?? '');
  const wanted = isLora ? 'loras' : known && modelFolder(known);
  return wanted === undefined || placeOf(wanted) === file.folder ? undefined : wanted;
}

/** Published files that families of this server lack, each once. */
export function missingFiles(
  families: readonly ComfyFamily[],
  info: ServerInfo,
  canDownload: (file: ModelFile) => boolean,
): MissingModelFile[] {
  const wanted = new Map<ModelFile, string[]>();
  for (const family of families)
    for (const { what, name } of family.missing(info)) {
      const file = what === 'model_file' ? modelFile(name) : undefined;
      if (file) wanted.set(file, [...(wanted.get(file) ?? []), family.spec.id]);
    }
  return [...wanted].map(([file, ids]) => ({
    file: file.file,
    folder: file.folder,
    size_bytes: file.sizeBytes ?? null,
    licence: file.licence,
    source: file.source,
    families: [...new Set(ids)],
    command: downloadCommand(file) ?? null,
    downloadable: canDownload(file),
  }));
}

/** Whether a file of this size can be the published one; null: unknown, which any can be. */
export const isComplete = (sizeBytes: number | null, published: number | null): boolean =>
  sizeBytes === null || (published === null ? sizeBytes > 0 : sizeBytes >= published * COMPLETE_SHARE);

const DOWNLOADING: ModelNote = {
  kind: 'downloading',
  text: { en: 'It is being downloaded, and used when it is complete.', zh: '正在下载，完成后即可使用。' },
};

const duplicate = (places: readonly string[]): ModelNote => ({
  kind: 'duplicate',
  text: {
    en: `The same file also lies at ${places.join(', ')}. One of them can be removed.`,
    zh: `同一文件也位于 ${places.join('、')}，可以删除其中一个。`,
  },
});

const sameName = (places: readonly string[]): ModelNote => ({
  kind: 'same_name',
  text: {
    en: `Another file of this name, with another size, lies at ${places.join(', ')}. Rename one, so that you know which one is used.`,
    zh: `${places.join('、')} 处有一个同名但大小不同的文件。请重命名其中一个，以便区分。`,
  },
});

const wrongFolder = (folder: string): ModelNote => ({
  kind: 'wrong_folder',
  text: {
    en: `It belongs into models/${folder}: its loader does not find it here.`,
    zh: `它应放在 models/${folder} 中：加载节点在此处找不到它。`,
  },
});

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
const incomplete = (bytes: number, published: number): ModelNote => ({
  kind: 'incomplete',
  text: {
    en: `It has ${megabytes(bytes)}, the published file ${megabytes(published)}: the download may have been cut off.`,
    zh: `大小为 ${megabytes(bytes)}，而发布的文件为 ${megabytes(published)}：下载可能中断过。`,
  },
});
