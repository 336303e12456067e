/** What was sent to a webhook, newest first, with the outcome. */
import { type Delivery, sentences } from '@limner/contract';
import { Button } from 'antd';
import type i18next from 'i18next';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/api.ts';
import { fullMoment } from '../../../i18n/format.ts';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { sentenceOf, sentenceOfBody } from '../../../i18n/problem.ts';
import { attempt } from '../../../state/task-actions.ts';
import { Empty } from '../../../ui/empty.tsx';
import styles from './webhooks.module.css';

/** While something waits to be sent. */
const READ_AGAIN_MS = 2_000;
const PAGE = 20;

export function Deliveries({ webhook }: { webhook: number }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<Delivery[] | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [limit, setLimit] = useState(PAGE);
  const load = useCallback(() => {
    const call = { params: { id: webhook }, query: { limit } };
    api.call('listDeliveries', call).then((page) => {
      setProblem(null);
      setShown(page);
    }, setProblem);
  }, [webhook, limit]);
  useEffect(load, [load]);
  const waits = shown?.some(({ status }) => status === 'waiting') ?? false;
  useEffect(() => {
    if (!waits) return;
    const timer = setInterval(load, READ_AGAIN_MS);
    return () => clearInterval(timer);
  }, [waits, load]);
  const resend = (id: number) =>
    attempt(async () => {
      await api.call('resendDelivery', { params: { id } });
      load();
    });
  if (problem != null) return <Empty sentence={sentenceOf(problem)} />;
  if (shown?.length === 0) return <p className={styles.about}>{t('webhooks.noDeliveries')}</p>;
  return (
    <>
      <ul className={styles.deliveries} aria-label={t('webhooks.deliveries')}>
        {shown?.map((delivery) => (
          <li key={delivery.id} data-status={delivery.status}>
            <b>{t(`webhooks.status.${delivery.status}`)}</b>
            <span>{eventOf(delivery, t)}</span>
            <span>{fullMoment(delivery.created_at)}</span>
            <span>{outcomeOf(delivery, t)}</span>
            <Button type="text" onClick={() => void resend(delivery.id)}>
              {t('webhooks.resend')}
            </Button>
          </li>
        ))}
      </ul>
      {shown && shown.length === limit && limit < 200 && (
        <Button onClick={() => setLimit(Math.min(200, limit + PAGE))}>{t('bin.more')}</Button>
      )}
    </>
  );
}

function eventOf({ event, task_id }: Delivery, t: typeof i18next.t): string {
  if (event === 'test' || task_id === null) return t('webhooks.testEvent');
  return t('webhooks.event', { id: task_id, status: t(`status.${event}`) });
}

function outcomeOf({ tries, error, next_try_at }: Delivery, t: typeof i18next.t): string {
  return sentences(spokenLanguage(), [
    t('webhooks.tries', { count: tries }),
    error && sentenceOfBody(error),
    error && next_try_at && t('webhooks.next', { time: fullMoment(next_try_at) }),
  ]);
}
