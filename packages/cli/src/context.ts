import type { Language } from '@limner/contract';
import { type Connection, type ConnectOptions, connect } from './connect.ts';
import { openFolder } from './save.ts';
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
  /** Creates a folder for pictures. The next `withServer` removes it at its end if nothing was saved in it. */
  openFolder(folder: string): Promise<void>;
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
  const opened: (() => Promise<void>)[] = [];
  /** The last first, as one may lie in another. */
  const leaveFolders = async () => {
    for (const leave of opened.splice(0).reverse()) await leave();
  };
  const withConnection: Context['withServer'] = async (use, { mayStart = true, noneRuns } = {}) => {
    const server = options().server;
    const connection = await connect({ server, language, words, terminal, mayStart, noneRuns });
    try {
      return await use(connection);
    } finally {
      await connection.close();
    }
  };
  return {
    terminal,
    language,
    words,
    async openFolder(folder) {
      try {
        opened.push(await openFolder(folder, words));
      } catch (error) {
        await leaveFolders();
        throw error;
      }
    },
    async withServer(use, connecting) {
      try {
        return await withConnection(use, connecting);
      } finally {
        await leaveFolders();
      }
    },
  };
}
