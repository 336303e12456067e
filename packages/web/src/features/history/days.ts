/** Days in the browser's time zone, written `2026-05-12`. Pure. */

export function dayText(ms: number): string {
  const date = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** null if it is not a day. */
export function readDay(text: string | null): string | null {
  return text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && dayText(dayStart(text)) === text ? text : null;
}

function parts(day: string): [year: number, month: number, date: number] {
  return day.split('-').map(Number) as [number, number, number];
}

export function dayStart(day: string): number {
  const [year, month, date] = parts(day);
  return new Date(year, month - 1, date).getTime();
}

/** The start of the next day; days with a clock change are shorter or longer. */
export function dayEnd(day: string): number {
  const [year, month, date] = parts(day);
  return new Date(year, month - 1, date + 1).getTime();
}

export interface Month {
  year: number;
  /** 0…11 */
  month: number;
}

export const monthOf = (day: string): Month => {
  const [year, month] = parts(day);
  return { year, month: month - 1 };
};

export function moved({ year, month }: Month, by: number): Month {
  const date = new Date(year, month + by, 1);
  return { year: date.getFullYear(), month: date.getMonth() };
}

/** Weeks from Monday to Sunday; null for days of another month. */
export function weeksOf({ year, month }: Month): (string | null)[][] {
  const before = (new Date(year, month, 1).getDay() + 6) % 7;
  const length = new Date(year, month + 1, 0).getDate();
  const cells: (string | null)[] = Array.from({ length: before }, () => null);
  for (let date = 1; date <= length; date += 1) cells.push(dayText(new Date(year, month, date).getTime()));
  while (cells.length % 7 !== 0) cells.push(null);
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}
