import type { NewWebhook, Webhook } from '@limner/contract';
import { Button, Switch } from 'antd';
import i18next from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/api.ts';
import { sentenceOfBody } from '../../../i18n/problem.ts';
import { notify } from '../../../state/notices.ts';
import { attempt } from '../../../state/task-actions.ts';
import { ConfirmRemoval } from '../confirm-removal.tsx';
import { Deliveries } from './deliveries.tsx';
import { WebhookSecret } from './webhook-secret.tsx';
import styles from './webhooks.module.css';

interface WebhookCardProps {
  webhook: Webhook;
  /** Just made, so it can be shown. */
  secret: string | null;
  onSecret: (webhook: NewWebhook) => void;
  onHide: () => void;
  onDone: () => void;
}

export function WebhookCard({ webhook, secret, onSecret, onHide, onDone }: WebhookCardProps) {
  const { t } = useTranslation();
  const { id, url, enabled, problem } = webhook;
  const [isRemoving, setIsRemoving] = useState(false);
  const [isOpen, setIsOpen] = useState(false);
  /** A new one reads the list again. */
  const [tests, setTests] = useState(0);
  const params = { id };
  const set = (on: boolean) =>
    attempt(async () => {
      await api.call('updateWebhook', { params, body: { enabled: on } });
      onDone();
    });
  const test = () =>
    attempt(async () => {
      await api.call('testWebhook', { params });
      setIsOpen(true);
      setTests((count) => count + 1);
      notify({ text: i18next.t('webhooks.tested'), tone: 'news' });
    });
  const renew = () => attempt(async () => onSecret(await api.call('renewWebhookSecret', { params })));
  return (
    <article className={styles.card} aria-label={url}>
      <header>
        <h2>{url}</h2>
        <Switch
          checked={enabled}
          aria-label={t('webhooks.enabled', { url })}
          onChange={(on) => void set(on)}
        />
      </header>
      <p className={styles.about}>{aboutOf(webhook, t)}</p>
      {problem && <p className={styles.problem}>{sentenceOfBody(problem)}</p>}
      {secret && <WebhookSecret secret={secret} onHide={onHide} />}
      {isRemoving ? (
        <ConfirmRemoval
          sentence={t('webhooks.removeAsk', { url })}
          remove={async () => {
            await api.call('removeWebhook', { params });
            onDone();
          }}
          onKeep={() => setIsRemoving(false)}
        />
      ) : (
        <div className={styles.actions}>
          <Button disabled={!enabled} onClick={() => void test()}>
            {t('webhooks.test')}
          </Button>
          <Button aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {t('webhooks.deliveries')}
          </Button>
          <Button onClick={() => void renew()}>{t('webhooks.renew')}</Button>
          <Button danger type="text" onClick={() => setIsRemoving(true)}>
            {t('settings.remove')}
          </Button>
        </div>
      )}
      {isOpen && <Deliveries key={tests} webhook={id} />}
    </article>
  );
}

function aboutOf({ events, kinds }: Webhook, t: typeof i18next.t): string {
  const comma = t('webhooks.comma');
  const what = kinds === null ? t('webhooks.allKinds') : kinds.map((kind) => t(`kind.${kind}`)).join(comma);
  return `${events.map((event) => t(`status.${event}`)).join(comma)} · ${what}`;
}
