/** Identifies a picture: task, frame and output. */
export interface PictureRef {
  task: number;
  frame: number;
  /** Absent: the first output. */
  place?: number;
}
