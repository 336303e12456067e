/** Tools for pictures that are there. */
import { cutText, MAX_FAMILY_CHARS, OutputId, parseOutputId, StudioError, type Task } from '@limner/contract';
import { z } from 'zod';
import { FoundPictures, PictureFacts } from '../output.ts';
import { pictureContent, SHOWN, type ShownPicture } from '../preview.ts';
import { answer, type Facts, Refusal } from '../result.ts';
import { styleId } from '../style-input.ts';
import { outputIn, pictureFacts, picturesOf } from '../task-facts.ts';
import { CHANGES, DELETES, READS, type ToolCall, tool } from '../tool.ts';

const MAX_LIMIT = 50;
/** Of prompts in lists. */
const PROMPT_CHARS = 160;

/** Without the long pattern of the schema in lists of tools. */
const Day = z.stringFormat('date', (text) => z.iso.date().safeParse(text).success);

export const searchPictures = tool({
  name: 'search_pictures',
  title: 'Search pictures',
  description:
    'Finished pictures, newest first: facts and links, no images (get_picture shows one). text: words of the prompt. from and to are days, to is not included. before: the next_before of the last answer.',
  input: z.strictObject({
    text: z.string().max(200).optional(),
    style: z.string().max(100).optional(),
    family: z.string().max(MAX_FAMILY_CHARS).optional(),
    starred: z.boolean().optional(),
    from: Day.optional(),
    to: Day.optional(),
    limit: z.number().int().min(1).max(MAX_LIMIT).default(20),
    before: z.number().int().positive().optional(),
  }),
  output: FoundPictures,
  annotations: READS,
  async run({ style, from, to, limit, starred, before, ...filter }, call) {
    const { client } = call.studio;
    const page = await client.tasks({
      ...filter,
      before,
      limit,
      starred: starred === undefined ? undefined : String(starred),
      style_id: (await styleId(style, call)) ?? undefined,
      created_from: from,
      created_to: to,
    });
    const pictures: Facts[] = [];
    let nextBefore = page.nextBefore;
    for (const { id, finished_frames } of page.items) {
      if (finished_frames === 0) continue;
      pictures.push(...found(await client.call('getTask', { params: { id } }), starred, call));
      if (pictures.length < limit) continue;
      nextBefore = id === page.items.at(-1)?.id ? page.nextBefore : id;
      break;
    }
    const facts = { pictures, ...(nextBefore === null ? {} : { next_before: nextBefore }) };
    return answer(call.words.found(pictures.length, nextBefore), facts);
  },
});

function found(task: Task, starred: boolean | undefined, call: ToolCall): Facts[] {
  const { prompt, family, created_at } = task;
  return picturesOf(task)
    .filter(({ output }) => starred === undefined || output.starred === starred)
    .map((picture) => ({
      ...pictureFacts(picture, call),
      prompt: prompt.length > PROMPT_CHARS ? `${cutText(prompt, PROMPT_CHARS)}…` : prompt,
      family,
      created_at,
    }));
}

export const getPicture = tool({
  name: 'get_picture',
  title: 'Show a picture',
  description:
    'One picture by its id (12_0, or an upload id) with how it was made. return: full gives the file itself if it is small enough for a result; the link always gives it.',
  input: z.strictObject({ id: z.string().min(1).max(100), return: z.enum(SHOWN).default('preview') }),
  output: PictureFacts,
  annotations: READS,
  async run({ id, return: shown }, call) {
    const name = parseOutputId(id);
    const { facts, picture } = name ? await foundOutput(id, name.task, call) : await uploaded(id, call);
    return answer(call.words.picture(picture.id), facts, await pictureContent([picture], shown, call));
  },
});

export interface Found {
  facts: Facts;
  picture: ShownPicture;
}

export async function foundOutput(id: string, taskId: number, call: ToolCall): Promise<Found> {
  const task = await taskOf(id, taskId, call);
  const hit = outputIn(task, id);
  if (!hit) throw notFound(id, call);
  const { recipe, created_at } = task;
  const facts = {
    ...pictureFacts(hit, call),
    task_id: task.id,
    kind: task.task_kind,
    prompt: task.prompt,
    negative_prompt: task.negative_prompt,
    family: task.family,
    style: recipe.style?.name || null,
    made_by: hit.output.provenance?.summary[call.language] ?? null,
    created_at,
  };
  return { facts, picture: hit.output };
}

async function taskOf(id: string, task: number, { studio, words }: ToolCall): Promise<Task> {
  try {
    return await studio.client.call('getTask', { params: { id: task } });
  } catch (error) {
    throw error instanceof StudioError && error.code === 'task_not_found'
      ? new Refusal(words.noPicture(id))
      : error;
  }
}

async function uploaded(id: string, call: ToolCall): Promise<Found> {
  const [info] = await call.studio.client.call('resolvePictures', { body: { refs: [id] } });
  if (!info) throw notFound(id, call);
  const { url, media_type, width, height } = info;
  const facts = { id: info.id, url: call.studio.address(url), width, height, media_type };
  return {
    facts,
    picture: { id: info.id, url, media_type, width, height, size_bytes: 0, file_name: info.id },
  };
}

const notFound = (id: string, { words }: ToolCall): Refusal => new Refusal(words.noPicture(id));

export const starPicture = tool({
  name: 'star_picture',
  title: 'Star a picture',
  description: 'Stars a picture, which a clean-up then never deletes; starred: false removes the star.',
  input: z.strictObject({ id: OutputId, starred: z.boolean().default(true) }),
  annotations: CHANGES,
  async run({ id, starred }, call) {
    await foundOutput(id, parseOutputId(id)?.task ?? 0, call);
    await call.studio.client.call('starOutputs', { body: { outputs: [id], starred } });
    return answer(call.words.starred(id, starred), { id, starred });
  },
});

export const deletePicture = tool({
  name: 'delete_picture',
  title: 'Delete a picture',
  description:
    'Moves a picture to the bin of Limner, where the user can restore it. Ask the user first, then pass confirm: true.',
  input: z.strictObject({ id: OutputId, confirm: z.boolean().default(false) }),
  annotations: DELETES,
  async run({ id, confirm }, call) {
    await foundOutput(id, parseOutputId(id)?.task ?? 0, call);
    const said = confirm || call.confirmed(call.words.askDelete(id));
    if (typeof said === 'object' && said !== null) return said;
    if (said === null) throw new Refusal(call.words.mustAsk(id));
    if (!said) return answer(call.words.kept(id), { id, deleted: false });
    await call.studio.client.call('deleteOutput', { params: { id } });
    return answer(call.words.deleted(id), { id, deleted: true });
  },
});
