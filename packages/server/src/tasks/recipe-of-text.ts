/**
 * The recipe in the text of a picture. Texts of the first version do not name the pictures that the recipe reads; where
 * their task is here, it names them.
 */
import { type Caller, imagesOf, type Recipe, readRecipe, recipeInText } from '@limner/contract';
import type { Reader } from '../db/database.ts';
import { parsed } from '../db/parsed.ts';
import { frameRecipe, readPlan } from './plan.ts';
import { tasksOfFrames } from './store/task-rows.ts';

/** null as in `readRecipe`. */
export async function recipeOfText(caller: Caller, db: Reader, text: string): Promise<Recipe | null> {
  const recipe = recipeInText(text);
  const isFirst = parsed<{ limner?: unknown }>(text)?.limner === 1;
  return recipe && isFirst ? withPicturesOfTask(caller, db, recipe) : recipe;
}

/** Unchanged where no task has this recipe, or several have it with different pictures. */
async function withPicturesOfTask(caller: Caller, db: Reader, recipe: Recipe): Promise<Recipe> {
  if (recipe.seed === null) return recipe;
  const { kind, prompt } = recipe;
  const tasks = await tasksOfFrames(caller, db, { kind, prompt, seed: String(recipe.seed) });
  const found = new Map<string, Pick<Recipe, 'input_image' | 'mask_image' | 'references'>>();
  for (const task of tasks) {
    const plan = readPlan(task);
    const made = plan && readRecipe(frameRecipe(plan, { seed: String(recipe.seed), drawn: null }));
    if (!made || imagesOf(made).length === 0 || wordsOf(made) !== wordsOf(recipe)) continue;
    const { input_image, mask_image, references } = made;
    found.set(JSON.stringify([input_image, mask_image, references]), { input_image, mask_image, references });
  }
  const [pictures] = found.values();
  return found.size === 1 && pictures ? { ...recipe, ...pictures } : recipe;
}

/** What the first version wrote. */
const wordsOf = ({ type, family, negative_prompt, width, height, params, style, loras }: Recipe): string =>
  JSON.stringify([type, family, negative_prompt, width, height, sorted(params), style?.name, loras]);

const sorted = (params: Recipe['params']) =>
  Object.entries(params).sort(([a], [b]) => (a < b ? -1 : Number(a > b)));
