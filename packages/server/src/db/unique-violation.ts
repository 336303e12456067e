/** Another row has this value already, in a column where each must be different. Thrown by the adapters for their own error. */
export class UniqueViolation extends Error {
  override name = 'UniqueViolation';

  constructor(cause: unknown) {
    super('a row with this value is there already', { cause });
  }
}
