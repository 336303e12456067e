/** What people paste to let a program use this studio over MCP. */
import type { Language } from '@limner/contract';

/** Where a Limner that is not installed as a command has its own. */
const COMMAND_FILE = '/path/to/limner/packages/cli/bin/limner.js';

const PROGRAMS = ['claude_code', 'claude_desktop', 'cursor', 'vs_code', 'stdio'] as const;
export type McpProgram = (typeof PROGRAMS)[number];

export interface SetUp {
  program: McpProgram;
  /** Name of the program, the same in every language; null: other programs. */
  name: string | null;
  text: string;
}

/** @param studio `https://studio.example/limner`, as the visitor reaches it */
export const mcpAddress = (studio: string, language: Language): string =>
  `${studio}/mcp${language === 'zh' ? '?lang=zh' : ''}`;

export function setUps(studio: string, language: Language): SetUp[] {
  const url = mcpAddress(studio, language);
  return [
    {
      program: 'claude_code',
      name: 'Claude Code',
      text: `claude mcp add --transport http limner ${quoted(url)}`,
    },
    {
      program: 'claude_desktop',
      name: 'Claude Desktop',
      text: json({ mcpServers: stdio(studio, language) }),
    },
    { program: 'cursor', name: 'Cursor', text: json({ mcpServers: { limner: { url } } }) },
    { program: 'vs_code', name: 'VS Code', text: json({ servers: { limner: { type: 'http', url } } }) },
    { program: 'stdio', name: null, text: shell(studio, language) },
  ];
}

const quoted = (url: string): string => (/[^\w:/.[\]-]/.test(url) ? `"${url}"` : url);

const environ = (studio: string, language: Language): Record<string, string> => ({
  LIMNER_URL: studio,
  ...(language === 'zh' ? { LANG: 'zh_CN.UTF-8' } : {}),
});

const stdio = (studio: string, language: Language) => ({
  limner: { command: 'node', args: [COMMAND_FILE, 'mcp'], env: environ(studio, language) },
});

const shell = (studio: string, language: Language): string =>
  [
    ...Object.entries(environ(studio, language)).map(([name, value]) => `${name}=${value}`),
    `node ${COMMAND_FILE} mcp`,
  ].join(' ');

const json = (value: unknown): string => JSON.stringify(value, null, 2);
