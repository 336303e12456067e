import { type RefObject, useEffect } from 'react';
import { deleteTask } from '../../state/deletion.ts';
import { downloadZip } from '../../state/download-zip.ts';
import { openTask } from '../../state/shown-picture.ts';
import { retryTask } from '../../state/task-actions.ts';
import { useTasks } from '../../state/tasks.ts';
import { canBeCutOut, cutOutMany, deleteMany, starMany } from './act-on-many.ts';
import { chooseNothing, isSelecting, toggle, useSelection } from './selection.ts';

/** Picture shortcuts on a task; while tasks are selected they apply to all of them. */
export function useTaskKeys(scroller: RefObject<HTMLElement | null>, onShow: (id: number) => void): void {
  useEffect(() => {
    const element = scroller.current;
    const answer = (event: Event) => {
      const id = Number((event.target as HTMLElement).dataset.task);
      if (id > 0) act((event as CustomEvent<string>).detail, id, onShow);
    };
    element?.addEventListener('picture-key', answer, true);
    return () => element?.removeEventListener('picture-key', answer, true);
  }, [scroller, onShow]);
}

function act(key: string, id: number, onShow: (id: number) => void): void {
  const { entries } = useTasks.getState();
  const selecting = isSelecting();
  const ids = selecting ? [...useSelection.getState().chosen] : [id];
  const items = ids.flatMap((each) => entries[each]?.item ?? []);
  const hasPictures = items.some(({ output_paths }) => output_paths.length > 0);
  if (key === ' ') {
    if (selecting) toggle(id);
    else if (hasPictures) void openTask(id);
    else onShow(id);
  } else if (key === 's' && hasPictures) void starMany(items);
  else if (key === 'd' && hasPictures) void downloadZip({ tasks: ids });
  else if (key === 'x' && items.some(canBeCutOut)) void cutOutMany(items);
  else if (key === 'r' && !selecting) void retryTask(id);
  else if (key === 'Backspace' || key === 'Delete') {
    if (selecting) void deleteMany(items).then((done) => done && chooseNothing());
    else void deleteTask(id);
  }
}
