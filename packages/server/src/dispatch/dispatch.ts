/**
 * The dispatch port: how workers hear that tasks wait. It decides nothing: the rows say which task is next, and a worker that
 * hears of one claims the first of the lane, whichever that is. What dispatch loses is found by the workers' own checks of the
 * rows every few seconds; what it says twice claims nothing.
 *
 * Beside it, `wake` on the bus calls all workers of a lane, for example when the lane is resumed.
 */
export interface Waiting {
  id: number;
  lane: string;
  priority: number;
}

/** A worker. */
export interface Claimer {
  /** It could run one more task of the lane. */
  hasPlace(lane: string): boolean;
  /** Claims from the rows until the lane is full or nothing waits; it is also called without a place. Never throws. */
  claim(lane: string): Promise<void>;
}

export interface Dispatch {
  /** These tasks wait since a commit. */
  offer(waiting: readonly Waiting[]): void;
  /** Calls `claim` of a claimer that has a place, for tasks of these lanes. Returns a function that ends it. */
  follow(lanes: readonly string[], claimer: Claimer): () => Promise<void>;
  close(): Promise<void>;
}
