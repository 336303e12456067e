import { TASK_KINDS, TASK_STATUSES } from '@limner/contract';
import { Button, Input, Segmented, Select } from 'antd';
import { memo, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { useStudio } from '../../state/studio.ts';
import { Icon } from '../../ui/icon.tsx';
import { DateButton, type Dates } from './date-button.tsx';
import styles from './filter-bar.module.css';
import type { HistoryFilter } from './history-filter.ts';
import type { Layout, ViewChange } from './use-view.ts';

interface FilterBarProps {
  filter: HistoryFilter;
  dates: Dates;
  layout: Layout;
  /** Number of matching tasks, if known. */
  count: number | null;
  onChange: (change: ViewChange) => void;
}

/** Control previews are excluded. */
const KINDS = TASK_KINDS.filter((kind) => kind !== 'control_preview');

/** Memoised, so that its many fields are not rendered with every page of the list. */
export const FilterBar = memo(function FilterBar({ filter, dates, layout, count, onChange }: FilterBarProps) {
  const { t } = useTranslation();
  return (
    <search className={styles.bar}>
      <Search text={filter.text ?? ''} count={count} onChange={(text) => onChange({ text })} />
      <div className={styles.filters}>
        <Choice
          label={t('history.kind')}
          all={t('history.allKinds')}
          value={filter.kind}
          options={KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
          onChange={(kind) => onChange({ kind })}
        />
        <Choice
          label={t('history.state')}
          all={t('history.anyState')}
          value={filter.status}
          options={TASK_STATUSES.map((status) => ({ value: status, label: t(`status.${status}`) }))}
          onChange={(status) => onChange({ status })}
        />
        <Choice
          label={t('history.style')}
          all={t('history.allStyles')}
          value={filter.style?.toString()}
          options={useStyleOptions()}
          onChange={(style) => onChange({ style })}
        />
        <Choice
          label={t('history.model')}
          all={t('history.allModels')}
          value={filter.family}
          options={useModelOptions()}
          onChange={(family) => onChange({ family })}
        />
        <Button
          className={styles.starred}
          aria-pressed={filter.starred === true}
          icon={<Icon name="star" />}
          onClick={() => onChange({ starred: filter.starred ? null : '1' })}
        >
          {t('history.starred')}
        </Button>
        <DateButton dates={dates} onChange={(next) => onChange({ ...next })} />
      </div>
      <span className={styles.space} />
      <Segmented
        className={styles.view}
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
});

interface ChoiceProps {
  label: string;
  /** The option without a filter. */
  all: string;
  value: string | undefined;
  options: { value: string; label: string }[];
  onChange: (value: string) => void;
}

function Choice({ label, all, value = '', options, onChange }: ChoiceProps) {
  return (
    <Select
      aria-label={label}
      className={styles.select}
      data-set={value !== ''}
      value={value}
      onChange={onChange}
      options={[{ value: '', label: all }, ...options]}
      popupMatchSelectWidth={false}
      virtual={false}
    />
  );
}

function useStyleOptions() {
  const { t } = useTranslation();
  const held = useStudio((state) => state.styles);
  return held.map(({ id, name, is_base }) => ({
    value: String(id),
    label: is_base ? t('styles.base') : name,
  }));
}

/** Also unavailable ones, because they may have painted earlier tasks. */
function useModelOptions() {
  const families = useStudio((state) => state.families);
  return families
    .filter(({ kind }) => kind !== 'control_preview')
    .map(({ id, label }) => ({ value: id, label: label[spokenLanguage()] }));
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
