/** The tool that trains styles. `get_task` and `cancel_task` take its task on. */
import { StyleName, type TrainingParams, TriggerWords } from '@limner/contract';
import { z } from 'zod';
import { pictureRef } from '../picture-input.ts';
import { Refusal } from '../result.ts';
import { taskResult } from '../task-result.ts';
import { MAKES, type ToolCall, tool } from '../tool.ts';

/** The server checks their values and lengths; naming them would lengthen the list of tools. */
const Params = z.record(z.string(), z.unknown());

/** Of data sets that a refusal names. */
const MAX_NAMED = 30;

export const trainStyle = tool({
  name: 'train_style',
  title: 'Train a style',
  description:
    'Trains a LoRA from a data set (name or id) or images; get_task tells its steps. Defaults: the best trainer, its params (such as steps).',
  input: z.strictObject({
    name: StyleName,
    dataset: z.string().optional(),
    images: z.array(z.object({ image: z.string(), caption: z.string().optional() })).optional(),
    trigger_words: TriggerWords.optional(),
    trainer: z.string().optional(),
    params: Params.optional(),
  }),
  annotations: MAKES,
  async run({ name, dataset, images, params, ...fields }, call) {
    const { client } = call.studio;
    const learnt = {
      ...(dataset === undefined ? {} : { dataset: await datasetId(dataset, call) }),
      ...(images === undefined ? {} : { images: await sent(images, call) }),
    };
    const given = { ...fields, params: params as TrainingParams | undefined };
    const { id } = await client.call('train', { body: { style_name: name, ...learnt, ...given } });
    return taskResult(await client.call('getTask', { params: { id } }), 'none', call);
  },
});

/** One after another: they may be uploaded for it. */
async function sent(images: readonly { image: string; caption?: string | undefined }[], call: ToolCall) {
  const pictures = [];
  for (const { image, caption } of images) pictures.push({ image: await pictureRef(image, call), caption });
  return pictures;
}

async function datasetId(wanted: string, { studio, words }: ToolCall): Promise<number> {
  const sets = await studio.client.call('listDatasets', {});
  const key = wanted.trim().toLowerCase();
  const found =
    sets.find(({ name }) => name.toLowerCase() === key) ?? sets.find(({ id }) => String(id) === key);
  if (found) return found.id;
  throw new Refusal(
    words.noDataset(
      wanted,
      sets.slice(0, MAX_NAMED).map(({ name }) => name),
    ),
  );
}
