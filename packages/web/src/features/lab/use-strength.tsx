/** Makes what a picture was made with the setting of its style. */
import type { LabPicture } from '@limner/contract';
import { Button } from 'antd';
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { notify } from '../../state/notices.ts';
import { chooseStyle, updateStyle, useStudio } from '../../state/studio.ts';
import { attempt } from '../../state/task-actions.ts';
import styles from './lab-page.module.css';

interface UseStrengthProps {
  picture: Pick<LabPicture, 'style' | 'strength'>;
  primary?: boolean;
}

export function UseStrength({ picture: { style: name, strength }, primary = false }: UseStrengthProps) {
  const { t } = useTranslation();
  const style = useStudio((state) => state.styles.find((each) => each.name === name));
  if (!style || strength === 0) return null;
  const isInUse = style.strength === strength;
  const use = () =>
    attempt(async () => {
      if (!isInUse) await updateStyle(style.id, { strength });
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
      {isInUse && !primary ? t('lab.inUse') : t('lab.use', { style: name, strength })}
    </Button>
  );
}
