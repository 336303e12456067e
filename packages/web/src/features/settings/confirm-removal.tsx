import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { attempt } from '../../state/task-actions.ts';
import styles from './confirm-removal.module.css';

interface ConfirmRemovalProps {
  /** What is deleted and what is kept. */
  sentence: string;
  remove: () => Promise<void>;
  onKeep: () => void;
}

/** Asks beside the item. After the removal the item and this question disappear. */
export function ConfirmRemoval({ sentence, remove, onKeep }: ConfirmRemovalProps) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    if (!(await attempt(remove))) onKeep();
  };
  return (
    <div className={styles.confirm} role="alertdialog" aria-label={sentence}>
      <p>{sentence}</p>
      <Button danger loading={busy} onClick={() => void run()}>
        {t('settings.remove')}
      </Button>
      <Button autoFocus disabled={busy} onClick={onKeep}>
        {t('settings.keep')}
      </Button>
    </div>
  );
}
