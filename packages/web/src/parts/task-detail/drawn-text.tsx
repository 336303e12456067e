import type { Frame, Task } from '@limner/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { restoreDrawn } from '../../state/recipe/restore.ts';
import styles from './drawn-text.module.css';

/** The words drawn for one picture of a prompt with choices; the form takes them as plain text. */
export function DrawnText({ task, frame: { drawn, seed } }: { task: Task; frame: Frame }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  if (!drawn) return null;
  const use = async () => {
    if (await restoreDrawn(task.recipe, drawn, seed)) navigate('/');
  };
  return (
    <section className={styles.drawn} aria-label={t('detail.drawn')}>
      <h3>{t('detail.drawn')}</h3>
      <p>{drawn.prompt}</p>
      <Button size="small" onClick={() => void use()}>
        {t('detail.useDrawn')}
      </Button>
    </section>
  );
}
