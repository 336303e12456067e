/** Checks and completes the parameters of a request for a trainer. Pure. */
import { StudioError, type TrainerParam, type TrainingParams } from '@limner/contract';
import type { StyleTrainer } from '../engines/training/trainer.ts';

type Value = TrainingParams[string];
type Described = Pick<StyleTrainer, 'label' | 'params'>;

/**
 * Returns every parameter of the trainer, with its default if the request has none.
 * @throws StudioError `training_param` for a value out of range, `invalid_request` for an invalid value, both with the field
 */
export function trainingParams(trainer: Described, asked: TrainingParams): TrainingParams {
  const unknown = Object.keys(asked).find((key) => !trainer.params.some((param) => param.key === key));
  if (unknown !== undefined)
    throw refusal(unknown, { en: 'this trainer has no such parameter', zh: '该训练器没有此参数' });
  return Object.fromEntries(
    trainer.params.map((param) => [param.key, acceptedValue(trainer, param, asked[param.key])]),
  );
}

function acceptedValue(trainer: Described, param: TrainerParam, value: Value = param.default): Value {
  switch (param.type) {
    case 'number':
    case 'integer':
      return numberOf(trainer, param, value);
    case 'choice':
      if (param.choices.some((choice) => choice.value === value)) return value;
      throw refusal(param.key, oneOf(param.choices.map((choice) => choice.value)));
    case 'switch':
      if (typeof value === 'boolean') return value;
      throw refusal(param.key, { en: 'must be true or false', zh: '必须为 true 或 false' });
    case 'text':
      if (typeof value === 'string' && value.length <= param.max_chars) return value;
      throw refusal(param.key, {
        en: `must be text of at most ${param.max_chars} characters`,
        zh: `必须是不超过 ${param.max_chars} 个字符的文本`,
      });
  }
}

function numberOf(trainer: Described, param: Extract<TrainerParam, { min: number }>, value: Value): number {
  const { key, label, hint, min, max } = param;
  if (typeof value !== 'number') throw refusal(key, { en: 'must be a number', zh: '必须是数字' });
  if (param.type === 'integer' && !Number.isInteger(value))
    throw refusal(key, { en: 'must be a whole number', zh: '必须是整数' });
  if (value >= min && value <= max) return value;
  const data = { trainer: trainer.label, label, hint, min, max };
  throw new StudioError('training_param', { data, field: `params.${key}` });
}

const oneOf = (values: string[]) => ({
  en: `must be one of ${values.join(', ')}`,
  zh: `必须是 ${values.join('、')} 之一`,
});

const refusal = (key: string, reason: { en: string; zh: string }) =>
  new StudioError('invalid_request', { data: { reason }, field: `params.${key}` });
