/** A training in the words of results, beside the facts of its task. */
import type { Training } from '@limner/contract';
import type { Facts } from './result.ts';
import type { ToolCall } from './tool.ts';

export const trainingFacts = (run: Training, { studio }: ToolCall): Facts => ({
  style: run.style_name,
  style_id: run.style_id,
  trainer: run.trainer,
  model: run.family,
  step: run.step,
  steps: run.steps,
  ...(run.phase ? { phase: run.phase } : {}),
  ...(run.resume_step > 0 ? { resume_step: run.resume_step } : {}),
  ...(run.loss.length > 0 ? { loss: run.loss.at(-1)?.[1] } : {}),
  ...(run.output_lora_path ? { lora: studio.address(run.output_lora_path) } : {}),
  ...(run.checkpoints.length > 0
    ? { checkpoints: run.checkpoints.map(({ step, url }) => ({ step, url: studio.address(url) })) }
    : {}),
});
