/** Another row has the same value in a unique column. The adapters throw it in place of their database's error. */
export class UniqueViolation extends Error {
  override name = 'UniqueViolation';

  constructor(cause: unknown) {
    super('a row with this value is there already', { cause });
  }
}
