import { StudioError } from '@limner/contract';

/** What the shell sees. They are told in `limner --help` and in the README; scripts rely on them. */
export const EXIT = { ok: 0, failed: 1, usage: 2, partial: 3, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Something went wrong and the sentence says all there is to say: no stack trace. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(sentence: string, exitCode: ExitCode = EXIT.failed, cause?: unknown) {
    super(sentence, { cause });
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}

/** A request that the server refuses as malformed was mistyped here. */
export function exitCodeOfError(error: unknown): ExitCode {
  if (error instanceof CliError) return error.exitCode;
  if (error instanceof StudioError && error.code === 'invalid_request') return EXIT.usage;
  return EXIT.failed;
}
