import { Button, Input } from 'antd';
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { notify } from '../../../state/notices.ts';
import { attempt } from '../../../state/task-actions.ts';
import { Field } from '../../../ui/field.tsx';
import styles from './webhooks.module.css';

/** The secret, as long as this page stays open. */
export function WebhookSecret({ secret, onHide }: { secret: string; onHide: () => void }) {
  const { t } = useTranslation();
  const copy = () =>
    attempt(async () => {
      await navigator.clipboard.writeText(secret);
      notify({ text: i18next.t('common.copied'), tone: 'news' });
    });
  return (
    <Field label={t('webhooks.secret')} hint={t('webhooks.secretOnce')}>
      {(control) => (
        <div className={styles.secret}>
          <Input
            {...control}
            value={secret}
            readOnly
            spellCheck={false}
            onFocus={(event) => event.target.select()}
          />
          <Button onClick={() => void copy()}>{t('common.copy')}</Button>
          <Button type="text" onClick={onHide}>
            {t('common.close')}
          </Button>
        </div>
      )}
    </Field>
  );
}
