/** What a workflow loads and where it is from: for its file, and for the cure where something is missing. Pure. */
import type { Missing, WorkflowNeeds } from '@limner/contract';
import { coreSince } from '../core-nodes.ts';
import type { Graph } from '../graph.ts';
import { modelFile, packOf } from '../model-files.ts';
import { folderOf, isFileName } from '../preflight.ts';
import { COMFY_ITSELF, type ServerInfo } from '../server-info.ts';
import type { Workflow } from './workflow.ts';

/** `said`: by the file it was imported from, for what Limner and its servers do not know. */
export function needsOf({ graph, needs: said }: Workflow, servers: readonly ServerInfo[]): WorkflowNeeds {
  const classes = [...new Set(Object.values(graph).map(({ class_type }) => class_type))].sort();
  return {
    nodes: classes.map((class_type) => nodeNeed(class_type, servers, said)),
    files: filesOf(graph).map(({ name, classType }) => fileNeed(name, classType, said)),
  };
}

function nodeNeed(
  class_type: string,
  servers: readonly ServerInfo[],
  said: WorkflowNeeds | null,
): WorkflowNeeds['nodes'][number] {
  const known = packOf(class_type);
  if (known) return { class_type, pack: known.name, source: known.source };
  const told = said?.nodes.find((node) => node.class_type === class_type);
  const pack = servers.map(({ nodes }) => nodes.get(class_type)?.pack).find((name) => name !== undefined);
  if (pack === undefined) return told ?? { class_type, pack: null, source: null };
  return { class_type, pack, source: told?.pack === pack ? told.source : null };
}

function fileNeed(
  name: string,
  classType: string,
  said: WorkflowNeeds | null,
): WorkflowNeeds['files'][number] {
  const known = modelFile(name);
  if (known)
    return {
      name,
      folder: known.folder,
      source: known.source,
      licence: known.licence,
      size_bytes: known.sizeBytes ?? null,
    };
  const told = said?.files.find((file) => file.name === name);
  return told ?? { name, folder: folderOf(classType) ?? null, source: null, licence: null, size_bytes: null };
}

/** Each once, with a node that loads it. */
function filesOf(graph: Graph): { name: string; classType: string }[] {
  const all = Object.values(graph).flatMap(({ class_type, inputs }) =>
    Object.values(inputs).flatMap((value) =>
      typeof value === 'string' && isFileName(value) ? [{ name: value, classType: class_type }] : [],
    ),
  );
  return [...new Map(all.map((file) => [file.name, file])).values()];
}

/** A missing part of which Limner knows no origin gets the one that the workflow's file says. */
export function withOrigin(missing: Missing, said: WorkflowNeeds | null): Missing {
  if (!said || missing.source !== undefined) return missing;
  if (missing.what === 'node') {
    if (coreSince(missing.name)) return missing;
    const told = said.nodes.find(({ class_type }) => class_type === missing.name);
    return told?.pack && told.pack !== COMFY_ITSELF ? withPack(missing, told.pack, told.source) : missing;
  }
  const told = said.files.find(({ name }) => name === missing.name);
  if (missing.what !== 'model_file' || !told) return missing;
  return {
    ...missing,
    ...(missing.folder === undefined && told.folder !== null ? { folder: told.folder } : {}),
    ...(told.source === null ? {} : { source: told.source }),
    ...(told.licence === null ? {} : { licence: told.licence }),
    ...(missing.size_bytes === undefined && told.size_bytes !== null ? { size_bytes: told.size_bytes } : {}),
  };
}

/** No command: nobody checked the address that a file names. */
const withPack = (missing: Missing, pack: string, source: string | null): Missing => ({
  ...missing,
  cure: {
    en: `According to the workflow's file the node ${missing.name} comes with ${pack}. Install that pack on this server if you trust it, and restart ComfyUI.`,
    zh: `据工作流文件所述，节点 ${missing.name} 属于扩展 ${pack}。若信任该扩展，请将其安装到该服务器并重启 ComfyUI。`,
  },
  ...(source === null ? {} : { source }),
});
