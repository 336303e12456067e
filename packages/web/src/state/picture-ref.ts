/** Which picture: the task that made it, and its frame. */
export interface PictureRef {
  task: number;
  frame: number;
}
