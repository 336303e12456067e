import type { Language } from '@limner/contract';
import { type Connection, type ConnectOptions, connect } from './connect.ts';
import type { Terminal } from './terminal.ts';
import { WORDS, type Words } from './words.ts';

/** Options that every command knows. */
export interface GlobalOptions {
  server?: string;
}

/** What a command works with. */
export interface Context {
  terminal: Terminal;
  language: Language;
  words: Words;
  /**
   * Runs `use` with a connection and stops the server afterwards if it was started for this. `mayStart`: false where the
   * server goes on with the work after the command.
   */
  withServer<T>(
    use: (connection: Connection) => Promise<T>,
    options?: Partial<Pick<ConnectOptions, 'mayStart' | 'noneRuns'>>,
  ): Promise<T>;
}

export function createContext(terminal: Terminal, language: Language, options: () => GlobalOptions): Context {
  const words = WORDS[language];
  return {
    terminal,
    language,
    words,
    async withServer(use, { mayStart = true, noneRuns } = {}) {
      const connection = await connect({
        server: options().server,
        language,
        words,
        terminal,
        mayStart,
        noneRuns,
      });
      try {
        return await use(connection);
      } finally {
        await connection.close();
      }
    },
  };
}
