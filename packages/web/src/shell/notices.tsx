import { useTranslation } from 'react-i18next';
import { dismiss, useNotices } from '../state/notices.ts';
import { IconButton } from '../ui/icon-button.tsx';
import styles from './notices.module.css';

export function Notices() {
  const { t } = useTranslation();
  const notices = useNotices((state) => state.notices);
  return (
    <div className={styles.stack} aria-live="polite">
      {notices.map(({ id, text, tone, action }) => (
        <div
          key={id}
          className={styles.notice}
          data-tone={tone}
          role={tone === 'problem' ? 'alert' : undefined}
        >
          <span>{text}</span>
          {action && (
            <button
              type="button"
              className={styles.action}
              onClick={() => {
                action.run();
                dismiss(id);
              }}
            >
              {action.label}
            </button>
          )}
          <IconButton icon="close" label={t('common.dismiss')} onClick={() => dismiss(id)} />
        </div>
      ))}
    </div>
  );
}
