/** The tool that trains styles. `get_task` and `cancel_task` take its task on. */
import { MAX_FAMILY_CHARS, StyleName, type TrainingParams, TriggerWords } from '@limner/contract';
import { z } from 'zod';
import { Refusal } from '../result.ts';
import { taskResult } from '../task-result.ts';
import { MAKES, type ToolCall, tool } from '../tool.ts';

/** The server checks their values; naming their types would lengthen the list of tools. */
const Params = z.record(z.string(), z.unknown());

/** Of data sets that a refusal names. */
const MAX_NAMED = 30;

export const trainStyle = tool({
  name: 'train_style',
  title: 'Train a style',
  description:
    'Begins to train a LoRA from a data set (its name or id), for minutes to hours: get_task tells its steps. Defaults: the best trainer, its params (such as steps, family).',
  input: z.strictObject({
    name: StyleName,
    dataset: z.string().max(100),
    trigger_words: TriggerWords.optional(),
    trainer: z.string().max(MAX_FAMILY_CHARS).optional(),
    params: Params.optional(),
  }),
  annotations: MAKES,
  async run({ name, dataset, params, ...fields }, call) {
    const { client } = call.studio;
    const given = { ...fields, params: params as TrainingParams | undefined };
    const body = { style_name: name, dataset: await datasetId(dataset, call), ...given };
    const { id } = await client.call('train', { body });
    return taskResult(await client.call('getTask', { params: { id } }), 'none', call);
  },
});

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
