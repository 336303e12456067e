/** The rules of the clean-up in words, and a clean-up now: first a preview of what would be deleted, then the button. */
import type { CleanupPlan } from '@limner/contract';
import { Button, Select } from 'antd';
import i18next, { type TFunction } from 'i18next';
import { useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api.ts';
import { bytes } from '../../i18n/format.ts';
import { sentenceOf } from '../../i18n/problem.ts';
import { ask } from '../../state/ask.ts';
import { binDays, binLine } from '../../state/bin.ts';
import { notify } from '../../state/notices.ts';
import { attempt } from '../../state/task-actions.ts';
import styles from './storage-cleanup.module.css';

const DAYS = [0, 1, 7, 14, 30, 90, 365];

interface StorageCleanupProps {
  /** Days after which tasks are deleted; 0: never. */
  days: number;
  onDone: () => void;
}

export function StorageCleanup({ days, onDone }: StorageCleanupProps) {
  const { t } = useTranslation();
  const [older, setOlder] = useState(days || 30);
  const { plan, problem, reload } = usePlan(older);
  const clean = async () => {
    if (!plan) return;
    const words = wordsOf(plan, t);
    const sure = await ask({
      title: t('storage.ask', { ...words, size: bytes(plan.size_bytes) }),
      lines: [t('storage.ruleStars'), binLine(await binDays().catch(() => 0))],
      confirm: t('storage.remove', { size: bytes(plan.size_bytes) }),
      keep: t('select.keep'),
    });
    if (sure) await remove(older);
    reload();
    onDone();
  };
  const options = [...new Set([...DAYS, days])].sort((a, b) => a - b);
  return (
    <section className={styles.cleanup} aria-labelledby="cleanup">
      <h2 id="cleanup">{t('storage.cleanup')}</h2>
      <Rules days={days} />
      <div className={styles.now}>
        <label htmlFor="older-than">{t('storage.olderThan')}</label>
        <Select
          id="older-than"
          value={older}
          onChange={setOlder}
          options={options.map((value) => ({
            value,
            label: value === 0 ? t('storage.everything') : t('storage.days', { count: value }),
          }))}
          popupMatchSelectWidth={false}
          virtual={false}
        />
        {problem == null ? (
          <Plan plan={plan} />
        ) : (
          <p role="alert" className={styles.problem}>
            {sentenceOf(problem)} <Button onClick={reload}>{t('common.tryAgain')}</Button>
          </p>
        )}
        <Button danger disabled={!plan || isEmpty(plan)} onClick={() => void clean()}>
          {t('storage.now')}
        </Button>
      </div>
    </section>
  );
}

function Rules({ days }: { days: number }) {
  const { t } = useTranslation();
  return (
    <ul className={styles.rules}>
      <li>{days > 0 ? t('storage.ruleOn', { count: days }) : t('storage.ruleOff')}</li>
      <li>{t('storage.ruleStars')}</li>
      {days > 0 && <li>{t('storage.ruleUploads')}</li>}
      {days > 0 && <li>{t('storage.ruleSetting')}</li>}
    </ul>
  );
}

/** Fixed height, so that the control beside it does not move when the answer arrives. */
function Plan({ plan }: { plan: CleanupPlan | null }) {
  const { t } = useTranslation();
  return (
    <dl className={styles.plan} aria-live="polite" aria-busy={plan === null}>
      <dt>{t('storage.wouldGo')}</dt>
      <dd>{plan ? <WhatGoes plan={plan} /> : t('storage.looking')}</dd>
      <dt>{t('storage.wouldStay')}</dt>
      <dd>
        {plan && plan.kept_tasks > 0 && <span>{t('storage.kept', { count: plan.kept_tasks })}</span>}
        <span>{t('storage.keptYoung')}</span>
      </dd>
    </dl>
  );
}

function WhatGoes({ plan }: { plan: CleanupPlan }) {
  const { t } = useTranslation();
  if (isEmpty(plan)) return t('storage.nothing');
  const words = wordsOf(plan, t);
  return (
    <>
      <b>{bytes(plan.size_bytes)}</b>
      <span>{words.tasks}</span>
      {plan.uploads > 0 && <span>{words.uploads}</span>}
    </>
  );
}

const isEmpty = (plan: CleanupPlan): boolean => plan.tasks + plan.uploads === 0;

const wordsOf = (plan: CleanupPlan, t: TFunction) => ({
  tasks: t('storage.tasks', {
    tasks: t('common.tasks', { count: plan.tasks }),
    pictures: t('common.pictures', { count: plan.pictures }),
  }),
  uploads: t('storage.uploads', { count: plan.uploads }),
});

function usePlan(days: number) {
  const [plan, setPlan] = useState<CleanupPlan | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const [round, setRound] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round requests again
  useEffect(() => {
    const controller = new AbortController();
    const { signal } = controller;
    setPlan(null);
    setProblem(null);
    api.call('planCleanup', { query: { older_than_days: days }, signal }).then(setPlan, (reason) => {
      if (!signal.aborted) setProblem(reason);
    });
    return () => controller.abort();
  }, [days, round]);
  return { plan, problem, reload: useCallback(() => setRound((n) => n + 1), []) };
}

async function remove(days: number): Promise<void> {
  await attempt(async () => {
    const taken = await api.call('cleanUp', { body: { older_than_days: days } });
    const words = wordsOf(taken, i18next.t);
    notify({ text: i18next.t('storage.done', { ...words, size: bytes(taken.size_bytes) }), tone: 'news' });
  });
}
