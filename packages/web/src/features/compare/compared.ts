import type { Frame, Task } from '@limner/contract';

/** One of the two compared pictures. */
export interface Compared {
  task: Task;
  frame: Frame;
}
