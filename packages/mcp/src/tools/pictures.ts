/** Tools for pictures that are there. */
import { MAX_FAMILY_CHARS, OutputId, parseOutputId, StudioError, type Task } from '@limner/contract';
import { z } from 'zod';
import { pictureContent, SHOWN, type ShownPicture } from '../preview.ts';
import { answer, type Facts, Refusal } from '../result.ts';
import { styleId } from '../style-input.ts';
import { pictureFacts, picturesOf } from '../task-facts.ts';
import { CHANGES, DELETES, READS, type ToolCall, tool } from '../tool.ts';

const MAX_LIMIT = 50;
/** Of prompts in lists. */
const PROMPT_CHARS = 160;

const Day = z.iso.date();

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
    const more = nextBefore === null ? '' : ` Older ones: before ${nextBefore}.`;
    const facts = { pictures, ...(nextBefore === null ? {} : { next_before: nextBefore }) };
    return answer(`${pictures.length} pictures.${more}`, facts);
  },
});

function found(task: Task, starred: boolean | undefined, call: ToolCall): Facts[] {
  const { prompt, family, created_at } = task;
  return picturesOf(task)
    .filter(({ output }) => starred === undefined || output.starred === starred)
    .map((picture) => ({
      ...pictureFacts(picture, call),
      prompt: prompt.length > PROMPT_CHARS ? `${prompt.slice(0, PROMPT_CHARS)}…` : prompt,
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
  annotations: READS,
  async run({ id, return: shown }, call) {
    const name = parseOutputId(id);
    const { facts, picture } = name ? await output(id, name.task, call) : await uploaded(id, call);
    return answer(`Picture ${picture.id}.`, facts, await pictureContent([picture], shown, call));
  },
});

interface Found {
  facts: Facts;
  picture: ShownPicture;
}

async function output(id: string, taskId: number, call: ToolCall): Promise<Found> {
  const task = await taskOf(id, taskId, call);
  const hit = picturesOf(task).find((picture) => picture.output.id === id);
  if (!hit) throw notFound(id);
  const { recipe, created_at } = task;
  const facts = {
    ...pictureFacts(hit, call),
    task_id: task.id,
    kind: task.task_kind,
    prompt: task.prompt,
    negative_prompt: task.negative_prompt,
    family: task.family,
    style: recipe.style?.name || null,
    made_by: hit.output.provenance?.summary.en ?? null,
    created_at,
  };
  return { facts, picture: hit.output };
}

async function taskOf(id: string, task: number, { studio }: ToolCall): Promise<Task> {
  try {
    return await studio.client.call('getTask', { params: { id: task } });
  } catch (error) {
    throw error instanceof StudioError && error.code === 'task_not_found' ? notFound(id) : error;
  }
}

async function uploaded(id: string, call: ToolCall): Promise<Found> {
  const [info] = await call.studio.client.call('resolvePictures', { body: { refs: [id] } });
  if (!info) throw notFound(id);
  const { url, media_type, width, height } = info;
  const facts = { id: info.id, url: call.studio.address(url), width, height, media_type };
  return {
    facts,
    picture: { id: info.id, url, media_type, width, height, size_bytes: 0, file_name: info.id },
  };
}

const notFound = (id: string): Refusal =>
  new Refusal(`There is no picture "${id}". search_pictures lists the pictures that are there.`);

export const starPicture = tool({
  name: 'star_picture',
  title: 'Star a picture',
  description: 'Stars a picture, which a clean-up then never deletes; starred: false removes the star.',
  input: z.strictObject({ id: OutputId, starred: z.boolean().default(true) }),
  annotations: CHANGES,
  async run({ id, starred }, call) {
    await output(id, parseOutputId(id)?.task ?? 0, call);
    await call.studio.client.call('starOutputs', { body: { outputs: [id], starred } });
    return answer(`Picture ${id} ${starred ? 'is starred' : 'has no star'}.`, { id, starred });
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
    await output(id, parseOutputId(id)?.task ?? 0, call);
    const said = confirm || call.confirmed(`Delete picture ${id}? It can be restored from the bin.`);
    if (typeof said === 'object' && said !== null) return said;
    if (said === null)
      throw new Refusal(
        `Nothing was deleted. Ask the user whether to delete ${id}, then pass confirm: true.`,
      );
    if (!said) return answer(`Picture ${id} was kept.`, { id, deleted: false });
    await call.studio.client.call('deleteOutput', { params: { id } });
    return answer(`Picture ${id} is in the bin.`, { id, deleted: true });
  },
});
