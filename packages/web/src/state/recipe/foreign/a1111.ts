/** A1111, Forge and the many programs that write their text. */
import { INFOTEXT_KEYWORD, type Lora, MAX_PROMPT_CHARS, parseInfotext } from '@limner/contract';
import type { ForeignRecipe, ReadForeign } from './foreign-recipe.ts';
import { isDamaged, isFields, listIn, parsePython, textIn } from './json-fields.ts';
import { hypernetsIn, lorasIn, withoutLoras } from './lora-tags.ts';

export const readA1111: ReadForeign = (texts) => {
  const text = texts.get(INFOTEXT_KEYWORD);
  return text === undefined || isDamaged(text) ? null : a1111In(text);
};

export function a1111In(text: string): ForeignRecipe | null {
  const { prompt: whole, negative, settings } = parseInfotext(text);
  // Much longer than any prompt with its tags; the form takes less.
  const written = whole.slice(0, 2 * MAX_PROMPT_CHARS);
  const prompt = withoutLoras(written);
  if (prompt === '') return null;
  const tagged = lorasIn(written);
  const hypernets = hypernetsIn(written);
  if (hypernets.length > 0) settings.set('Hypernet', hypernets.join(', '));
  const resources = takeResources(settings);
  if (resources.model && !settings.has('Model')) settings.set('Model', resources.model);
  return {
    prompt,
    negative,
    loras: tagged.length > 0 ? tagged : resources.loras,
    settings,
    madeOf: madeOf(settings),
  };
}

/** The strength of a second pass is no sign of an input picture. */
function madeOf(settings: Map<string, string>): ForeignRecipe['madeOf'] {
  const keys = [...settings.keys()];
  if (keys.some((key) => /^(Mask blur|Inpaint area|Masked content)$/i.test(key))) return 'picture and mask';
  return settings.has('Denoising strength') && !keys.some((key) => key.startsWith('Hires'))
    ? 'picture'
    : undefined;
}

/** Civitai names model and LoRAs in a list; the text has no tags then. */
function takeResources(settings: Map<string, string>): { model: string; loras: Lora[] } {
  const text = settings.get('Civitai resources') ?? '[]';
  for (const key of ['Civitai resources', 'Civitai metadata']) settings.delete(key);
  const resources = listOf(text).filter(isFields);
  const model = resources.find(({ type }) => type === 'checkpoint')?.modelName;
  const loras = resources.filter(({ type }) => /^(lora|lycoris|locon|dora)$/i.test(textIn(type)));
  return {
    model: textIn(model),
    loras: loras.flatMap(({ modelName, weight }) => {
      const name = textIn(modelName);
      return name === '' ? [] : [{ name, weight: typeof weight === 'number' ? weight : 1 }];
    }),
  };
}

function listOf(text: string): unknown[] {
  try {
    return listIn(parsePython(text));
  } catch {
    return [];
  }
}
