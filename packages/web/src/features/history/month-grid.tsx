/** A month to choose a day from; arrow keys move between days. */
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { monthName } from '../../i18n/format.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { dayStart, dayText, type Month, monthOf, moved, weeksOf } from './days.ts';
import styles from './month-grid.module.css';

interface MonthGridProps {
  /** Marked days: one, or the ends of a range. */
  from: string | null;
  to: string | null;
  onChoose: (day: string) => void;
}

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

export function MonthGrid({ from, to, onChoose }: MonthGridProps) {
  const { t, i18n } = useTranslation();
  const today = dayText(Date.now());
  const [month, setMonth] = useState<Month>(monthOf(to ?? from ?? today));
  const [focused, setFocused] = useState(to ?? from ?? today);
  const grid = useRef<HTMLTableElement>(null);
  const name = monthName(month.year, month.month);
  const moveTo = (day: string) => {
    if (day > today) return;
    setMonth(monthOf(day));
    setFocused(day);
    requestAnimationFrame(() => grid.current?.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus());
  };
  const pressed = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const date = new Date(dayStart(focused));
    moveTo(dayText(new Date(date.getFullYear(), date.getMonth(), date.getDate() + step).getTime()));
  };
  const isLast = weeksOf(month).flat().includes(today);
  return (
    <div className={styles.month}>
      <header>
        <IconButton
          icon="back"
          label={t('history.earlierMonth')}
          onClick={() => setMonth(moved(month, -1))}
        />
        <b aria-live="polite">{name}</b>
        <IconButton
          icon="right"
          label={t('history.laterMonth')}
          disabled={isLast}
          onClick={() => setMonth(moved(month, 1))}
        />
      </header>
      <table ref={grid} aria-label={name} onKeyDown={pressed}>
        <thead>
          <tr>
            {weekdays(i18n.language).map((day) => (
              <th key={day} scope="col">
                {day}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week) => (
            <tr key={week.find(Boolean)}>
              {week.map((day, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the places of a week are fixed
                <td key={index}>
                  {day && (
                    <button
                      type="button"
                      data-day={day}
                      data-today={day === today}
                      data-end={day === from || day === to}
                      data-between={from !== null && to !== null && day > from && day < to}
                      aria-pressed={day === from || day === to}
                      aria-label={fullName(day, i18n.language)}
                      tabIndex={
                        day === focused || (!monthHas(month, focused) && day.endsWith('-01')) ? 0 : -1
                      }
                      disabled={day > today}
                      onClick={() => onChoose(day)}
                    >
                      {Number(day.slice(8))}
                    </button>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const monthHas = (month: Month, day: string): boolean => weeksOf(month).flat().includes(day);

const fullName = (day: string, language: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'full' }).format(dayStart(day));

/** From Monday; 5 January 1970 was one. */
function weekdays(language: string): string[] {
  const format = new Intl.DateTimeFormat(language, { weekday: 'short' });
  return Array.from({ length: 7 }, (_, index) =>
    format.format(new Date(1970, 0, 5 + index)).replace(/^周|^星期/, ''),
  );
}
