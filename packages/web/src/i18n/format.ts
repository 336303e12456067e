/** Numbers, durations and times in the format of each language. */
import type { SecondsRange } from '@limner/contract';
import i18next from 'i18next';

export function duration(seconds: number): string {
  if (seconds < 0.05) return i18next.t('time.underTenth');
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60)
    return i18next.t('time.seconds', { s: seconds < 9.5 && seconds % 1 ? trim(seconds) : whole });
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return i18next.t('time.minutes', { m: minutes, s: whole % 60 });
  return i18next.t('time.hours', { h: Math.floor(minutes / 60), m: minutes % 60 });
}

/** One decimal below ten seconds. */
const trim = (seconds: number): string => String(Math.round(seconds * 10) / 10);

/** “4–9 s”; one number if both ends have the same text. */
export function between({ low, high }: SecondsRange): string {
  if (high < 1) return i18next.t('time.underSecond');
  const [from, to] = [Math.max(1, Math.round(low)), Math.max(1, Math.round(high))];
  if (from === to || roughly(low) === roughly(high)) return roughly(high);
  if (to < 60) return i18next.t('time.secondsRange', { from, to });
  return i18next.t('time.range', { from: roughly(low), to: roughly(high) });
}

/** “about 4–9 s”, but “less than a second”. */
export const about = (
  range: SecondsRange,
  sentence: 'time.about' | 'composer.about' = 'time.about',
): string => (range.high < 1 ? between(range) : i18next.t(sentence, { time: between(range) }));

/** Whole seconds: for what counts down. */
export const roughly = (seconds: number): string => duration(Math.max(1, Math.round(seconds)));

export const secondsBetween = (from: string | null, to: string | null): number | null =>
  from === null || to === null ? null : Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
];

/** “2 minutes ago”; a date after a week. */
export function ago(moment: string, nowMs = Date.now()): string {
  const seconds = (nowMs - Date.parse(moment)) / 1000;
  if (seconds < 45) return i18next.t('time.now');
  if (seconds > 7 * 86_400) return dayName(moment, nowMs);
  const [unit, size] = STEPS.findLast(([, span]) => seconds >= span * 0.9) ?? ['minute', 60];
  const format = new Intl.RelativeTimeFormat(i18next.language, { numeric: 'auto' });
  return spaced(format.format(-Math.max(1, Math.round(seconds / size)), unit));
}

export function dayName(moment: string, nowMs = Date.now()): string {
  const day = startOfDay(Date.parse(moment));
  const today = startOfDay(nowMs);
  if (day === today) return i18next.t('time.today');
  if (day === startOfDay(today - 1)) return i18next.t('time.yesterday');
  const sameYear = new Date(day).getFullYear() === new Date(today).getFullYear();
  const format: Intl.DateTimeFormatOptions = {
    month: 'long',
    day: 'numeric',
    year: sameYear ? undefined : 'numeric',
  };
  return spaced(new Intl.DateTimeFormat(i18next.language, format).format(day));
}

/** “November 2026”; the month counts from 0. */
export const monthName = (year: number, month: number): string =>
  spaced(
    new Intl.DateTimeFormat(i18next.language, { year: 'numeric', month: 'long' }).format(
      new Date(year, month, 1),
    ),
  );

export const dayKey = (moment: string): number => startOfDay(Date.parse(moment));

export const clock = (moment: string): string =>
  new Intl.DateTimeFormat(i18next.language, { hour: '2-digit', minute: '2-digit', hour12: false }).format(
    Date.parse(moment),
  );

export const fullMoment = (moment: string): string =>
  spaced(
    new Intl.DateTimeFormat(i18next.language, { dateStyle: 'long', timeStyle: 'medium' }).format(
      Date.parse(moment),
    ),
  );

function startOfDay(ms: number): number {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** “2 904 117 365”, with spaces that do not break. */
export const grouped = (value: number | string): string =>
  String(value).replace(/\B(?=(\d{3})+$)/g, '\u00a0');

/** A whole number; large ones rounded, with a word of the language: “1.2M”, “120万”. */
export const counted = (value: number): string =>
  new Intl.NumberFormat(
    i18next.language,
    value < 1e6 ? {} : { notation: 'compact', maximumSignificantDigits: 3 },
  ).format(value);

export function bytes(size: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = size < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(size) / 3));
  const value = size / 1000 ** step;
  return `${value >= 100 || step === 0 ? Math.round(value) : Math.round(value * 10) / 10} ${units[step]}`;
}

/** Chinese text has a space beside Latin letters and digits. */
export function spaced(text: string): string {
  if (!i18next.language.startsWith('zh')) return text;
  return text.replace(/([\u4e00-\u9fff])(\d)/g, '$1 $2').replace(/(\d)([\u4e00-\u9fff])/g, '$1 $2');
}
