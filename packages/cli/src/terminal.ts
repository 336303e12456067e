import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { EXIT } from './exit-code.ts';

/** The environment of a command: output, variables, and interruption. */
export interface Terminal {
  env: Record<string, string | undefined>;
  /** Results, one per line, for scripts. */
  out(line: string): void;
  /** Progress and errors, for people. */
  err: { write(text: string): void; isTerminal: boolean; columns: () => number };
  /** The line that the user types; empty for Ctrl+C. null: nobody can answer, as in a script. */
  ask(question: string): Promise<string | null>;
  /** All of standard input; null: a person is there, who gives none. */
  input(): Promise<Uint8Array | null>;
  /** Aborted by Ctrl+C and by SIGTERM. */
  interrupted: AbortSignal;
  /** Stops handling signals, for a server that runs in this process. */
  release(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/**
 * Under npx one Ctrl+C arrives twice, from the terminal and from npm. A second one by the user arrives later and exits
 * at once.
 */
const ECHO_MS = 500;

export function processTerminal(): Terminal {
  const controller = new AbortController();
  let interruptedMs = 0;
  const interrupt = (): void => {
    if (controller.signal.aborted) {
      if (performance.now() - interruptedMs > ECHO_MS) process.exit(EXIT.interrupted);
      return;
    }
    interruptedMs = performance.now();
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  // `limner tasks list | head -1` closes the pipe early; that is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  return {
    env: process.env,
    out: (line) => process.stdout.write(`${line}\n`),
    err: {
      write: (text) => process.stderr.write(text),
      isTerminal: process.stderr.isTTY === true && process.env.TERM !== 'dumb',
      columns: () => process.stderr.columns || 80,
    },
    ask: async (question) => (process.stdin.isTTY ? asked(question, interrupt) : null),
    input: async () => (process.stdin.isTTY ? null : buffer(process.stdin)),
    interrupted: controller.signal,
    release: () => {
      for (const signal of SIGNALS) process.off(signal, interrupt);
    },
  };
}

/** On standard error, because results go to standard output. */
function asked(question: string, onInterrupt: () => void): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    lines.on('SIGINT', () => {
      onInterrupt();
      lines.close();
    });
    lines.on('close', () => resolve(''));
    lines.question(question, (answer) => {
      resolve(answer);
      lines.close();
    });
  });
}
