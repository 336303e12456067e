/** A file on the disk of a fake ComfyUI. */
export interface FakeFile {
  bytes: Buffer;
  width: number;
  height: number;
  /** Zeros that follow the bytes. */
  filler?: number;
}
