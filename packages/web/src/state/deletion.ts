/** Deletion with undo: the item disappears from the page at once and is deleted on the server after the undo time. */
import { type Frame, isFinal, StudioError, type Task } from '@limner/contract';
import i18next from 'i18next';
import { api } from '../api/api.ts';
import { BASE } from '../api/base.ts';
import { sentenceOf } from '../i18n/problem.ts';
import { ask, type Question } from './ask.ts';
import { dismiss, notify } from './notices.ts';
import { attempt } from './task-actions.ts';
import { forgetPicture, forgetTask, setPictureHidden, setTaskHidden, useTasks } from './tasks.ts';

const UNDO_MS = 8_000;

/** False if the user kept it. */
export async function deleteTask(id: number): Promise<boolean> {
  if (isNeeded((image) => image.startsWith(`${id}_`), id)) return false;
  const count = useTasks.getState().entries[id]?.item.stars ?? 0;
  if (count > 0 && !(await askFirst(i18next.t('select.starredAsk', { id, count })))) return false;
  deleteWithUndo({
    text: i18next.t('wall.deleted', { id }),
    address: `${BASE}/api/tasks/${id}`,
    hide: (hidden) => setTaskHidden(id, hidden),
    remove: async () => {
      await api.call('deleteTask', { params: { id } });
      forgetTask(id);
    },
  });
  return true;
}

/** Deleting the last picture deletes the task. False if it stays. */
export async function deletePicture(task: Task, { output }: Frame): Promise<boolean> {
  if (!output) return false;
  if (isNeeded((image) => image === output.id, task.id)) return false;
  if (task.frames.flatMap(({ outputs }) => outputs).length === 1 && task.frames.length === 1)
    return deleteTask(task.id);
  if (output.starred && !(await askFirst(i18next.t('tools.starredAsk')))) return false;
  deleteWithUndo({
    text: i18next.t('tools.pictureDeleted'),
    address: `${BASE}/api/outputs/${output.id}`,
    hide: (hidden) => setPictureHidden(task.id, output.id, hidden),
    remove: async () => {
      await api.call('deleteOutput', { params: { id: output.id } });
      forgetPicture(task.id, output.id);
    },
  });
  return true;
}

const askFirst = (title: string): Promise<boolean> => {
  const question: Question = {
    title,
    lines: [],
    confirm: i18next.t('select.delete'),
    keep: i18next.t('select.keep'),
  };
  return ask(question);
};

/** True if an unfinished task needs it. The server refuses too, but only after the undo time. */
function isNeeded(isOurs: (image: string) => boolean, ownTask: number): boolean {
  const waiting = Object.values(useTasks.getState().entries).filter(({ item }) => !isFinal(item.status));
  const reader = waiting.find(
    ({ item, detail }) => item.id !== ownTask && detail && imagesOf(detail).some(isOurs),
  );
  if (!reader) return false;
  const problem = new StudioError('picture_in_use', { data: { task: reader.item.id } });
  notify({ text: sentenceOf(problem), tone: 'problem' });
  return true;
}

const imagesOf = ({ input_image, controlnet_config, references }: Task): string[] =>
  [input_image, controlnet_config?.image, ...references].filter((image) => typeof image === 'string');

interface UndoableDeletion {
  text: string;
  /** Deletes it when the page closes before that. */
  address: string;
  hide: (hidden: boolean) => void;
  remove: () => Promise<void>;
}

function deleteWithUndo({ text, address, hide, remove }: UndoableDeletion): void {
  hide(true);
  const finish = () => {
    settle();
    void attempt(remove).finally(() => hide(false));
  };
  const atLeave = () => {
    const worker = navigator.serviceWorker?.controller;
    if (worker) worker.postMessage({ remove: address });
    else void fetch(address, { method: 'DELETE', keepalive: true });
  };
  const timer = setTimeout(finish, UNDO_MS);
  addEventListener('pagehide', atLeave);
  const settle = () => {
    clearTimeout(timer);
    removeEventListener('pagehide', atLeave);
    dismiss(notice);
  };
  const undo = () => {
    settle();
    hide(false);
  };
  const notice = notify(
    { text, tone: 'news', action: { label: i18next.t('common.undo'), run: undo } },
    UNDO_MS,
  );
}
