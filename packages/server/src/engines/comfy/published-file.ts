/** A file of a model, and where it is published. */

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
