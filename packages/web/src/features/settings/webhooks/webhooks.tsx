/** Webhooks: addresses that are called when a task ends. */
import type { NewWebhook } from '@limner/contract';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentenceOf } from '../../../i18n/problem.ts';
import { Empty } from '../../../ui/empty.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { SectionHead } from '../section-head.tsx';
import { useWebhooks } from './use-webhooks.ts';
import { WebhookCard } from './webhook-card.tsx';
import { WebhookForm } from './webhook-form.tsx';
import styles from './webhooks.module.css';

export function Webhooks() {
  const { t } = useTranslation();
  const { webhooks, problem, load } = useWebhooks();
  const [isAdding, setIsAdding] = useState(false);
  /** The webhook whose secret is shown: it was added or its secret was replaced. */
  const [fresh, setFresh] = useState<NewWebhook | null>(null);
  return (
    <div>
      <SectionHead title={t('webhooks.title')} sub={t('webhooks.sub')}>
        <Button type="primary" icon={<Icon name="plus" />} onClick={() => setIsAdding(true)}>
          {t('webhooks.add')}
        </Button>
      </SectionHead>
      {isAdding && (
        <WebhookForm
          onAdded={(added) => {
            setFresh(added);
            load();
          }}
          onClose={() => setIsAdding(false)}
        />
      )}
      {problem != null && (
        <Empty sentence={sentenceOf(problem)}>
          <Button onClick={load}>{t('common.tryAgain')}</Button>
        </Empty>
      )}
      {problem == null && webhooks?.length === 0 && <Empty sentence={t('webhooks.none')} />}
      <div className={styles.cards}>
        {webhooks?.map((webhook) => (
          <WebhookCard
            key={webhook.id}
            webhook={webhook}
            secret={fresh?.id === webhook.id ? fresh.secret : null}
            onSecret={setFresh}
            onHide={() => setFresh(null)}
            onDone={load}
          />
        ))}
      </div>
    </div>
  );
}
