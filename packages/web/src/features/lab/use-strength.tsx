/** Makes what a picture was made with the setting of its style. */
import type { LabChoice } from '@limner/contract';
import { Button } from 'antd';
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api.ts';
import { notify } from '../../state/notices.ts';
import { chooseStyle, loadStyles, updateStyle, useStudio } from '../../state/studio.ts';
import { attempt } from '../../state/task-actions.ts';
import styles from './lab-page.module.css';

interface UseStrengthProps {
  picture: LabChoice;
  primary?: boolean;
}

export function UseStrength({ picture: { style: name, strength, step }, primary = false }: UseStrengthProps) {
  const { t } = useTranslation();
  const style = useStudio((state) => state.styles.find((each) => each.name === name));
  if (!style || strength === 0) return null;
  const isInUse = step === 0 && style.strength === strength;
  const use = () =>
    attempt(async () => {
      if (step > 0) await takeStep(style.id, step);
      if (style.strength !== strength) await updateStyle(style.id, { strength });
      chooseStyle(style.id);
      notify({ text: i18next.t('lab.used', { style: name, strength }), tone: 'news' });
    });
  return (
    <Button
      size={primary ? 'middle' : 'small'}
      type={primary ? 'primary' : 'text'}
      className={styles.use}
      disabled={isInUse && !primary}
      onClick={() => void use()}
    >
      {isInUse && !primary
        ? t('lab.inUse')
        : t(step > 0 ? 'lab.useStep' : 'lab.use', { style: name, strength, step })}
    </Button>
  );
}

/** Gives the style the LoRA after a step of its training. */
async function takeStep(style: number, step: number): Promise<void> {
  const [run] = await api.call('listTraining', { query: { style, limit: 1 } });
  if (run) await api.call('chooseCheckpoint', { params: { id: run.id }, body: { step } });
  await loadStyles();
}
