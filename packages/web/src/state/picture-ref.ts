/** Which picture: the task that made it, its frame, and where the frame left several, which of them. */
export interface PictureRef {
  task: number;
  frame: number;
  /** Absent: the first there is. */
  place?: number;
}
