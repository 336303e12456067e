import type { Frame, Task } from '@limner/contract';

/** One of the two pictures that are held against each other. */
export interface Compared {
  task: Task;
  frame: Frame;
}
