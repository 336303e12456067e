import { MAX_LORA_BYTES, StudioError } from '@limner/contract';
import { Button, Progress, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { bytes } from '../../../i18n/format.ts';
import { reasonOf } from '../../../i18n/problem.ts';
import { Field } from '../../../ui/field.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { pickFiles } from '../../../ui/pick-file.ts';
import styles from './lora-field.module.css';

export interface ChosenLora {
  file: File;
  /** Null: Limner finds it out. */
  model: string | null;
}

const LIMIT = `${MAX_LORA_BYTES / 1024 ** 3} GiB`;
export const isTooLarge = ({ size }: File): boolean => size > MAX_LORA_BYTES;
const tooLarge = new StudioError('file_too_large', { data: { limit: LIMIT } });

interface LoraFieldProps {
  value: ChosenLora | null;
  onChange: (value: ChosenLora | null) => void;
  problem: unknown;
  /** The share of the file that is sent, 0…1; null: it is not being sent. */
  sent: number | null;
}

/** A LoRA file that was trained elsewhere; its model is asked for where the file fits several. */
export function LoraField({ value, onChange, problem, sent }: LoraFieldProps) {
  const { t } = useTranslation();
  const models = modelsIn(problem);
  const refusal = value && isTooLarge(value.file) ? tooLarge : problem;
  const choose = async () => {
    const [file] = await pickFiles(false, '.safetensors');
    if (file) onChange({ file, model: null });
  };
  return (
    <>
      <Field
        label={t('styles.lora')}
        aside={t('common.optional')}
        hint={t('styles.loraHint', { limit: LIMIT })}
        problem={refusal === null ? null : reasonOf(refusal)}
      >
        {(control) => (
          <div className={styles.file}>
            <Button {...control} onClick={() => void choose()}>
              {value ? value.file.name : t('styles.loraChoose')}
            </Button>
            {value && <span className={styles.size}>{bytes(value.file.size)}</span>}
            {value && <IconButton icon="close" label={t('styles.loraNone')} onClick={() => onChange(null)} />}
          </div>
        )}
      </Field>
      {sent !== null && <Sent share={sent} />}
      {value && models.length > 0 && (
        <Field label={t('styles.loraModel')}>
          {(control) => (
            <Select
              {...control}
              value={value.model}
              options={models}
              onChange={(model: string) => onChange({ ...value, model })}
            />
          )}
        </Field>
      )}
    </>
  );
}

function Sent({ share }: { share: number }) {
  const { t } = useTranslation();
  const percent = Math.floor(100 * share);
  return (
    <div>
      <span role="status" className={styles.size}>
        {share < 1 ? t('styles.loraSending', { percent }) : t('styles.loraReading')}
      </span>
      <Progress percent={percent} size="small" showInfo={false} />
    </div>
  );
}

/** The models that a refused file fits. */
function modelsIn(problem: unknown): { value: string; label: string }[] {
  if (!(problem instanceof StudioError) || problem.code !== 'lora_unclear') return [];
  const { ids, models } = problem.data as { ids: string[]; models: string[] };
  return ids.map((value, index) => ({ value, label: models[index] ?? value }));
}
