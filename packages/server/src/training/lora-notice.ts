/** What a run says about a LoRA that fits another model than the run was to train. Pure. */
import type { Bilingual } from '@limner/contract';
import { familiesOf } from '../loras/families-of.ts';
import { LORA_MODELS } from '../loras/lora-models.ts';

/**
 * `model`: that the names of its tensors fit, see `loras/lora-models.ts`; null: there is no LoRA, or it names none.
 * `family`: that the run trained for; empty: not known. null: it fits.
 */
export function loraNotice(model: string | null, family: string): Bilingual | null {
  if (model === null || family === '' || familiesOf(model).includes(family)) return null;
  const made = LORA_MODELS.find(({ id }) => id === model)?.label ?? model;
  const wanted = LORA_MODELS.find(({ families }) => families.includes(family))?.label ?? family;
  return {
    en: `By the names of its tensors, this LoRA is for ${made}, not for ${wanted}, which the run was to train. Its style works with ${made} only. Check which model file the trainer loads, then train again.`,
    zh: `按张量名称判断，此 LoRA 适用于 ${made}，而不是本次训练的目标 ${wanted}。其风格仅适用于 ${made}。请检查训练器加载的模型文件，然后重新训练。`,
  };
}
