import { expect, test } from 'vitest';
import { mcpAddress, setUps } from './set-ups.ts';

const STUDIO = 'https://studio.example/limner';
const textOf = (program: string, language: 'en' | 'zh' = 'en') =>
  setUps(STUDIO, language).find((setUp) => setUp.program === program)?.text ?? '';

test('every set-up has the address as the visitor reaches the studio', () => {
  expect(mcpAddress(STUDIO, 'en')).toBe(`${STUDIO}/mcp`);
  expect(textOf('claude_code')).toBe(`claude mcp add --transport http limner ${STUDIO}/mcp`);
  expect(JSON.parse(textOf('cursor'))).toEqual({ mcpServers: { limner: { url: `${STUDIO}/mcp` } } });
  expect(JSON.parse(textOf('vs_code'))).toEqual({
    servers: { limner: { type: 'http', url: `${STUDIO}/mcp` } },
  });
  expect(JSON.parse(textOf('claude_desktop')).mcpServers.limner).toMatchObject({
    args: [expect.stringMatching(/limner\.js$/), 'mcp'],
    env: { LIMNER_URL: STUDIO },
  });
  expect(textOf('stdio')).toMatch(new RegExp(`^LIMNER_URL=${STUDIO} node .*limner\\.js mcp$`));
});

test('a Chinese page gives set-ups that answer in Chinese', () => {
  expect(mcpAddress(STUDIO, 'zh')).toBe(`${STUDIO}/mcp?lang=zh`);
  // Shells would take ? as a pattern.
  expect(textOf('claude_code', 'zh')).toContain(`"${STUDIO}/mcp?lang=zh"`);
  expect(JSON.parse(textOf('claude_desktop', 'zh')).mcpServers.limner.env.LANG).toBe('zh_CN.UTF-8');
});
