import type { Frame, Task } from '@limner/contract';
import { useEffect, useRef } from 'react';
import { deleteTask } from '../../state/deletion.ts';
import { refTo } from '../../state/frames.ts';
import { openPicture } from '../../state/shown-picture.ts';
import { retryFrame } from '../../state/task-actions.ts';
import { usePictureActions } from './use-picture-actions.ts';

/** Handles picture shortcuts while the picture has focus or pointer. */
export function usePictureKeys(task: Task, frame: Frame) {
  const ref = useRef<HTMLDivElement>(null);
  const actions = usePictureActions(task, frame);
  useEffect(() => {
    const element = ref.current;
    if (!element) return;
    const answer = (event: Event) => {
      const pressed = (event as CustomEvent<string>).detail;
      const key = pressed === 'Delete' ? 'Backspace' : pressed;
      if (key === 'r' && (frame.status === 'failed' || frame.status === 'cancelled'))
        void retryFrame(task.id, frame.index);
      // A frame without a picture is deleted with its task.
      if (key === 'Backspace' && !frame.output) void deleteTask(task.id);
      if (key === ' ' && frame.output) openPicture(refTo(task, frame));
      actions.find((action) => action.key === key)?.run();
    };
    element.addEventListener('picture-key', answer);
    return () => element.removeEventListener('picture-key', answer);
  }, [task, frame, actions]);
  return ref;
}
