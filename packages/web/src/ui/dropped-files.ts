/** The files of a drop, those in dropped folders included. A file keeps its name; folders are read to their end. */

/** null: nothing of it is a folder, so its own list of files is complete. Called within the event, which ends the access. */
export function foldersIn(data: DataTransfer): FileSystemEntry[] | null {
  const entries = [...data.items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  return entries.some(({ isDirectory }) => isDirectory) ? entries : null;
}

export interface DroppedFiles {
  files: File[];
  /** Paths within the drop of files and folders that cannot be read. */
  unread: string[];
}

export async function filesBelow(entries: readonly FileSystemEntry[]): Promise<DroppedFiles> {
  const dropped: DroppedFiles = { files: [], unread: [] };
  for (const entry of entries) {
    try {
      if (entry.isFile) dropped.files.push(await fileOf(entry as FileSystemFileEntry));
      else if (entry.isDirectory) {
        const below = await filesBelow(await childrenOf(entry as FileSystemDirectoryEntry));
        dropped.files.push(...below.files);
        dropped.unread.push(...below.unread);
      }
    } catch {
      dropped.unread.push(entry.fullPath.replace(/^\//, ''));
    }
  }
  return dropped;
}

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** A browser gives a hundred at a time. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const children: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return children;
    children.push(...some);
  }
}
