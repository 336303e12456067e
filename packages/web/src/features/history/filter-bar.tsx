import { TaskKind, TaskStatus } from '@limner/contract';
import { Input, Segmented, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { FeedFilter } from '../../state/task-feed.ts';
import { Icon } from '../../ui/icon.tsx';
import styles from './filter-bar.module.css';
import type { Layout, ViewChange } from './history-page.tsx';

interface FilterBarProps {
  filter: FeedFilter;
  layout: Layout;
  /** How many tasks match, once that is known. */
  count: number | null;
  onChange: (change: ViewChange) => void;
}

/** Training is not made here yet, and what a ControlNet sees is no picture of its own. */
const KINDS = TaskKind.options.filter((kind) => kind !== 'training' && kind !== 'control_preview');

export function FilterBar({ filter, layout, count, onChange }: FilterBarProps) {
  const { t } = useTranslation();
  return (
    <search className={styles.bar}>
      <Search text={filter.text ?? ''} count={count} onChange={(text) => onChange({ text })} />
      <Select
        aria-label={t('history.kind')}
        className={styles.select}
        value={filter.kind ?? ''}
        onChange={(kind) => onChange({ kind })}
        options={[
          { value: '', label: t('history.allKinds') },
          ...KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) })),
        ]}
        popupMatchSelectWidth={false}
        virtual={false}
      />
      <Select
        aria-label={t('history.state')}
        className={styles.select}
        value={filter.status ?? ''}
        onChange={(status) => onChange({ status })}
        options={[
          { value: '', label: t('history.anyState') },
          ...TaskStatus.options.map((status) => ({ value: status, label: t(`status.${status}`) })),
        ]}
        popupMatchSelectWidth={false}
        virtual={false}
      />
      <span className={styles.space} />
      <Segmented
        aria-label={t('history.view')}
        value={layout}
        onChange={(view) => onChange({ view: view === 'list' ? 'list' : null })}
        options={(['grid', 'list'] as const).map((value) => ({
          value,
          label: (
            <span title={t(`history.${value}`)}>
              <Icon name={value} />
              <span className="visually-hidden">{t(`history.${value}`)}</span>
            </span>
          ),
        }))}
      />
    </search>
  );
}

const TYPING_MS = 220;

function Search({
  text,
  count,
  onChange,
}: {
  text: string;
  count: number | null;
  onChange: (text: string) => void;
}) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(text);
  useEffect(() => setTyped(text), [text]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what is typed starts the wait
  useEffect(() => {
    if (typed.trim() === text) return;
    const timer = setTimeout(() => onChange(typed.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <Input
      className={styles.search}
      type="search"
      aria-label={t('history.search')}
      placeholder={t('history.search')}
      prefix={<Icon name="search" />}
      suffix={count !== null && <span className={styles.found}>{t('history.found', { count })}</span>}
      value={typed}
      onChange={(event) => setTyped(event.target.value)}
    />
  );
}
