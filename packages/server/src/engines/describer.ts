/** A model that says what is on a picture. */
export interface Describer {
  /** Its name; null: it is not there now. */
  readonly model: string | null;
  /** Where it runs, for errors. */
  readonly host: string;
  /** `jpeg` is of a size that such models read. May answer nothing. @throws StudioError, the signal's reason */
  describe(jpeg: Buffer, question: string, signal: AbortSignal): Promise<string>;
}
