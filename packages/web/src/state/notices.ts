/** Short sentences at the foot of the window, only for effects that are not visible in place. */
import i18next from 'i18next';
import { create } from 'zustand';

export interface Notice {
  id: number;
  text: string;
  tone: 'news' | 'problem';
  action?: { label: string; run: () => void };
}

export const useNotices = create<{ notices: Notice[] }>(() => ({ notices: [] }));

const NEWS_MS = 4_000;
/** Of problems, and of what offers an action. */
const LONG_MS = 9_000;
let nextId = 1;

export function notify(
  notice: Omit<Notice, 'id'>,
  lastsMs = notice.tone === 'problem' || notice.action ? LONG_MS : NEWS_MS,
): number {
  const id = nextId++;
  useNotices.setState(({ notices }) => ({ notices: [...notices.slice(-2), { ...notice, id }] }));
  setTimeout(() => dismiss(id), lastsMs);
  return id;
}

export function dismiss(id: number): void {
  useNotices.setState(({ notices }) => ({ notices: notices.filter((notice) => notice.id !== id) }));
}

/** Of a drop whose other files were taken. */
export function tellUnread(names: readonly string[]): void {
  notify({ text: i18next.t('common.unread', { names: names.join(', ') }), tone: 'problem' });
}
