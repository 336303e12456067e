import {
  FINAL_STATUSES,
  type NewWebhook,
  TASK_KINDS,
  type TaskKind,
  type WebhookEvent,
} from '@limner/contract';
import { Checkbox, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/api.ts';
import { Field } from '../../../ui/field.tsx';
import { DrawerForm } from '../../../ui/form/drawer-form.tsx';
import { useSubmit } from '../../../ui/form/use-submit.ts';
import styles from './webhooks.module.css';

interface WebhookFormProps {
  onAdded: (webhook: NewWebhook) => void;
  onClose: () => void;
}

/** Adds a webhook. A refusal is shown at its field. */
export function WebhookForm({ onAdded, onClose }: WebhookFormProps) {
  const { t } = useTranslation();
  const [url, setUrl] = useState('');
  const [events, setEvents] = useState<WebhookEvent[]>([...FINAL_STATUSES]);
  const [kinds, setKinds] = useState<TaskKind[]>([...TASK_KINDS]);
  const sending = useSubmit(async () => {
    const all = kinds.length === TASK_KINDS.length;
    onAdded(await api.call('addWebhook', { body: { url: url.trim(), events, kinds: all ? null : kinds } }));
    onClose();
  });
  return (
    <DrawerForm
      title={t('webhooks.add')}
      about={t('webhooks.addAbout')}
      sending={sending}
      action={t('webhooks.add')}
      disabled={url.trim() === '' || events.length === 0 || kinds.length === 0}
      onClose={onClose}
    >
      <Field
        label={t('webhooks.address')}
        hint={t('webhooks.addressHint')}
        problem={sending.at('url') ?? sending.besides('url')}
      >
        {(control) => (
          <Input
            {...control}
            value={url}
            placeholder="https://"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            maxLength={2000}
            autoFocus
            onChange={(event) => {
              setUrl(event.target.value);
              sending.forget();
            }}
          />
        )}
      </Field>
      <fieldset className={styles.choice}>
        <legend>{t('webhooks.events')}</legend>
        <Checkbox.Group<WebhookEvent>
          value={events}
          options={FINAL_STATUSES.map((value) => ({
            value: value as WebhookEvent,
            label: t(`status.${value}`),
          }))}
          onChange={setEvents}
        />
      </fieldset>
      <fieldset className={styles.choice}>
        <legend>{t('webhooks.kinds')}</legend>
        <Checkbox.Group<TaskKind>
          value={kinds}
          options={TASK_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
          onChange={setKinds}
        />
      </fieldset>
    </DrawerForm>
  );
}
