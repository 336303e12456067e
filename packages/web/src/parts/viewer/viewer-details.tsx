import type { Frame, Task } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { Expiry } from '../expiry.tsx';
import { DrawnText } from '../task-detail/drawn-text.tsx';
import { Recipe } from '../task-detail/recipe.tsx';
import styles from './viewer.module.css';

export function ViewerDetails({ task, frame }: { task: Task; frame: Frame }) {
  const { t } = useTranslation();
  const made = frame.output?.provenance?.summary[spokenLanguage()];
  return (
    <aside className={styles.aside} aria-label={t('viewer.details')}>
      {task.prompt && <p className={styles.prompt}>{task.prompt}</p>}
      <DrawnText task={task} frame={frame} />
      {made && <p className={styles.made}>{made}</p>}
      <Recipe task={task} frame={frame} />
      <Expiry className={styles.expiry} at={task.expires_at} />
    </aside>
  );
}
