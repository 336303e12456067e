/** A file of a model, and where it is published. */
import { APACHE } from './families/licences.ts';

export interface ModelFile {
  file: string;
  /** Below ComfyUI's directory. */
  folder: string;
  sizeBytes?: number;
  licence: string;
  /** The repository to show to users. */
  source: string;
  url?: string;
  /** Downloaded by its node pack at first use; the server does not list it. */
  fetchedByPack?: boolean;
}

/** Below the models folder. */
export const modelFolder = ({ folder }: ModelFile): string => folder.replace(/^models\//, '');

export const gb = (size: number): number => Math.round(size * 1e9);
export const hub = (repo: string, path: string): string =>
  `https://huggingface.co/${repo}/resolve/main/${path}`;

/** A file under the name its repository gives it. */
export function published(
  repo: string,
  folder: string,
  file: string,
  size: number | undefined,
  licence: string,
  path = file,
): ModelFile {
  return {
    file,
    folder,
    licence,
    source: repo,
    url: hub(repo, path),
    ...(size === undefined ? {} : { sizeBytes: gb(size) }),
  };
}

export type Folder =
  | 'checkpoints'
  | 'diffusion_models'
  | 'text_encoders'
  | 'vae'
  | 'loras'
  | 'model_patches'
  | 'style_models'
  | 'clip_vision';

/** ComfyUI's own repackaged files lie below a folder of their kind. */
export const repacked = (
  repo: string,
  folder: Folder,
  file: string,
  licence = APACHE,
  size?: number,
): ModelFile =>
  published(`Comfy-Org/${repo}`, `models/${folder}`, file, size, licence, `split_files/${folder}/${file}`);

/** A file below the root of its own repository. */
export const unpacked = (
  repo: string,
  folder: Folder,
  file: string,
  licence = APACHE,
  size?: number,
): ModelFile => published(repo, `models/${folder}`, file, size, licence);
