/** How far a long job is, for the program that has started it. */
export interface JobProgress {
  /** Of files or rows. */
  done: number;
  total: number;
  /** Of what is being done, such as the name of a table; null: nothing in particular. */
  part: string | null;
  bytes: number;
}

export type ReportProgress = (progress: JobProgress) => void;

const EVERY_MS = 200;

/** At most five times a second, and the first of each part and the last. */
export function paced(report: ReportProgress): ReportProgress {
  let lastMs = Number.NEGATIVE_INFINITY;
  let lastPart: string | null = null;
  return (progress) => {
    const nowMs = performance.now();
    const isSoon = nowMs - lastMs < EVERY_MS && progress.part === lastPart;
    if (isSoon && progress.done < progress.total) return;
    lastMs = nowMs;
    lastPart = progress.part;
    report(progress);
  };
}
