/** Date control: jumps to a day, or filters by days. */
import { Button, Popover, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dayName } from '../../i18n/format.ts';
import { Icon } from '../../ui/icon.tsx';
import styles from './date-button.module.css';
import { dayStart } from './days.ts';
import { MonthGrid } from './month-grid.tsx';

export interface Dates {
  /** The day at which history starts. */
  at: string | null;
  from: string | null;
  to: string | null;
}

export const NO_DATES: Dates = { at: null, from: null, to: null };

interface DateButtonProps {
  dates: Dates;
  onChange: (dates: Dates) => void;
}

export function DateButton({ dates, onChange }: DateButtonProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const words = useWords(dates);
  const finish = (next: Dates) => {
    onChange(next);
    setOpen(false);
  };
  return (
    <span className={styles.group} data-set={words !== null}>
      <Popover
        open={open}
        onOpenChange={setOpen}
        trigger="click"
        placement="bottomLeft"
        arrow={false}
        destroyOnHidden
        content={<Choice dates={dates} onChange={finish} />}
      >
        <Button className={styles.button} icon={<Icon name="calendar" />} aria-expanded={open}>
          {words ?? t('history.dates')}
        </Button>
      </Popover>
      {words !== null && (
        <Button
          className={styles.clear}
          aria-label={t(dates.at ? 'history.toNewest' : 'history.removeDates')}
          title={t(dates.at ? 'history.toNewest' : 'history.removeDates')}
          icon={<Icon name="close" size={13} />}
          onClick={() => onChange(NO_DATES)}
        />
      )}
    </span>
  );
}

function useWords({ at, from, to }: Dates): string | null {
  const { t } = useTranslation();
  const name = (day: string) => dayName(new Date(dayStart(day)).toISOString());
  if (from && to && from === to) return name(from);
  if (from && to) return t('history.days', { from: name(from), to: name(to) });
  if (from) return t('history.from', { day: name(from) });
  if (to) return t('history.until', { day: name(to) });
  return at && name(at);
}

function Choice({ dates, onChange }: DateButtonProps) {
  const { t } = useTranslation();
  const [only, setOnly] = useState(dates.from !== null || dates.to !== null);
  const [first, setFirst] = useState<string | null>(null);
  const choose = (day: string) => {
    if (!only) onChange({ ...NO_DATES, at: day });
    else if (first === null) setFirst(day);
    else onChange({ at: null, from: first < day ? first : day, to: first < day ? day : first });
  };
  const marked = only && first === null ? dates : { from: only ? first : dates.at, to: null };
  return (
    <div className={styles.choice}>
      <Segmented
        block
        value={only ? 'only' : 'go'}
        onChange={(value) => {
          setOnly(value === 'only');
          setFirst(null);
        }}
        options={[
          { value: 'go', label: t('history.goToDay') },
          { value: 'only', label: t('history.onlyDays') },
        ]}
      />
      <p className={styles.hint} aria-live="polite">
        {only ? t(first === null ? 'history.firstDay' : 'history.lastDay') : '\u00a0'}
      </p>
      <MonthGrid from={marked.from} to={marked.to} onChoose={choose} />
    </div>
  );
}
