/** Prompts: what people start by name in their program; each says which tools to use and how. */
import type { Language } from '@limner/contract';
import { completable, type GetPromptResult, type McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { familyIds, offered, pictureIds, styleNames } from './completions.ts';
import { PROMPTS, type PromptName } from './prompt-texts.ts';
import type { StudioOf } from './studio.ts';

const MAX_CHARS = 1_000;

export function addPrompts(server: McpServer, studioOf: StudioOf, language: Language): void {
  const text = z.string().trim().min(1).max(MAX_CHARS);
  const style = completable(z.string().max(100), offered(studioOf, styleNames)).optional();
  const family = completable(z.string().max(100), offered(studioOf, familyIds)).optional();
  const picture = completable(z.string().min(1).max(500), offered(studioOf, pictureIds));
  const args: Record<PromptName, z.ZodObject> = {
    game_sprite: z.object({ subject: text, style, family }),
    icon_set: z.object({ subjects: text, style, family }),
    seamless_texture: z.object({ material: text, family }),
    variations: z.object({ picture, change: text.optional() }),
  };
  for (const name of Object.keys(args) as PromptName[]) {
    const { title, description, message } = PROMPTS[language][name];
    server.registerPrompt(name, { title, description, argsSchema: args[name] }, (given) =>
      said(message(given as Record<string, string | undefined>)),
    );
  }
}

const said = (text: string): GetPromptResult => ({
  messages: [{ role: 'user', content: { type: 'text', text } }],
});
