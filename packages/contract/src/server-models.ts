/** Model files of ComfyUI servers: what each has, which models load them, and downloads that a server does itself. */
import { z } from 'zod';
import { ErrorBody } from './error.ts';
import { Bilingual } from './family.ts';

/**
 * `duplicate`: the same file also lies elsewhere. `same_name`: another file of this name. `wrong_folder`: its loader does not
 * find it there. `incomplete`: much smaller than the published file. `downloading`: it is being fetched and not used yet.
 */
export const ModelNote = z.object({
  kind: z.enum(['duplicate', 'same_name', 'wrong_folder', 'incomplete', 'downloading']),
  text: Bilingual,
});
export type ModelNote = z.infer<typeof ModelNote>;

export const ServerModelFile = z.object({
  /** As ComfyUI names it: `vae`, `checkpoints`. */
  folder: z.string(),
  /** With its sub-folder, as the server spells it. */
  name: z.string(),
  /** Null: the server does not say. */
  size_bytes: z.number().int().nullable(),
  modified_at: z.iso.datetime().nullable(),
  /** Of published files that Limner knows. */
  licence: z.string().nullable(),
  source: z.string().nullable(),
  /** Ids of the families that load it with their usual settings, or offer it as their model. */
  families: z.array(z.string()),
  notes: z.array(ModelNote),
});
export type ServerModelFile = z.infer<typeof ServerModelFile>;

/** A published file that a server lacks. */
export const MissingModelFile = z.object({
  file: z.string(),
  /** Below ComfyUI's directory. */
  folder: z.string(),
  size_bytes: z.number().int().nullable(),
  licence: z.string(),
  source: z.string(),
  /** Ids of the families that need it. */
  families: z.array(z.string()),
  /** To be run in ComfyUI's directory; null: the file has no public address. */
  command: z.string().nullable(),
  /** Whether the server can download it itself. */
  downloadable: z.boolean(),
});
export type MissingModelFile = z.infer<typeof MissingModelFile>;

export const ServerModels = z.object({
  /** Id of the engine. */
  server: z.string(),
  name: z.string(),
  files: z.array(ServerModelFile),
  missing: z.array(MissingModelFile),
  /** How the server downloads, or why it cannot. */
  downloads: z.object({ by: z.string().nullable(), note: Bilingual }),
  /** Why the lists could not be read; null: they could. */
  error: ErrorBody.nullable(),
});
export type ServerModels = z.infer<typeof ServerModels>;

/**
 * `running`: the server was asked, and the file is not complete yet. `interrupted`: the server stopped working on it, for
 * example because it was restarted. A further request for the same file goes on.
 */
export const ModelDownloadStatus = z.enum(['running', 'completed', 'failed', 'interrupted']);
export type ModelDownloadStatus = z.infer<typeof ModelDownloadStatus>;

export const ModelDownload = z.object({
  id: z.number().int().positive(),
  /** Id of the engine. */
  server: z.string(),
  file: z.string(),
  folder: z.string(),
  status: ModelDownloadStatus,
  /** Of the file on the server; null: nothing of it is there yet, or the server does not say. */
  done_bytes: z.number().int().nullable(),
  /** Null: unknown. */
  size_bytes: z.number().int().nullable(),
  error: ErrorBody.nullable(),
  created_at: z.iso.datetime(),
  ended_at: z.iso.datetime().nullable(),
});
export type ModelDownload = z.infer<typeof ModelDownload>;

/** `POST /api/models/downloads` */
export const ModelDownloadCreate = z.strictObject({
  server: z.string().min(1).max(200),
  /** A published file that Limner knows, without folder. */
  file: z.string().min(1).max(255),
});
export type ModelDownloadCreate = z.infer<typeof ModelDownloadCreate>;

/** A node pack that a server lacks, or all node classes of which no pack is known. */
export const MissingPack = z.object({
  /** The id under which ComfyUI-Manager on the server installs it; null: it does not know it. */
  pack: z.string().nullable(),
  source: z.string().nullable(),
  licence: z.string().nullable(),
  /** To be run in ComfyUI's directory. */
  command: z.string().nullable(),
  cure: Bilingual,
  /** Node classes of it that families need. */
  classes: z.array(z.string()),
  /** Ids of those families. */
  families: z.array(z.string()),
  /** It lies on the server already: ComfyUI loads it when it starts again. */
  installed: z.boolean(),
  /** Why its installation left nothing; null: none was asked for, or it is not over. */
  problem: Bilingual.nullable(),
});
export type MissingPack = z.infer<typeof MissingPack>;

export const ServerPacks = z.object({
  /** Id of the engine. */
  server: z.string(),
  name: z.string(),
  /** With its version; null: the server has none, so packs are installed by hand. */
  manager: z.string().nullable(),
  /** It installs or downloads something now. */
  working: z.boolean(),
  packs: z.array(MissingPack),
  /** Why it could not be read; null: it could. */
  error: ErrorBody.nullable(),
});
export type ServerPacks = z.infer<typeof ServerPacks>;

/** `POST /api/models/packs` */
export const PackInstall = z.strictObject({
  server: z.string().min(1).max(200),
  /** A `pack` that the server lacks. */
  pack: z.string().min(1).max(300),
});
export type PackInstall = z.infer<typeof PackInstall>;
