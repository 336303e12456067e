import { StudioError } from '@limner/contract';

/** Exit codes, documented in `limner --help` and the README; scripts rely on them. */
export const EXIT = { ok: 0, failed: 1, usage: 2, partial: 3, interrupted: 130 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An expected failure: the sentence explains it, so no stack trace is printed. */
export class CliError extends Error {
  readonly exitCode: ExitCode;

  constructor(sentence: string, exitCode: ExitCode = EXIT.failed, cause?: unknown) {
    super(sentence, { cause });
    this.name = 'CliError';
    this.exitCode = exitCode;
  }
}

/** A request that the server refuses as malformed was wrong usage. */
export function exitCodeOfError(error: unknown): ExitCode {
  if (error instanceof CliError) return error.exitCode;
  if (error instanceof StudioError && error.code === 'invalid_request') return EXIT.usage;
  return EXIT.failed;
}
