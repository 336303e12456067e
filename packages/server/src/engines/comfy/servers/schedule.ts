/**
 * Which server each waiting frame is finished on first. Pure.
 *
 * Frames are assigned in their order. Each goes to the server that would finish it first, given its work and the frames
 * just assigned to it; a frame whose best server has no free slot waits for that server, although another, slower one
 * may be idle.
 */

/** A server's state for the schedule. */
export interface Line<S> {
  server: S;
  /** Time until all its work is done. */
  busyMs: number;
  freeSlots: number;
  /** The model that is loaded then. */
  model: string | null;
}

export interface Work<F, S> {
  frame: F;
  /** Null: the server cannot or must not run it. */
  model(server: S): string | null;
  /** Of one picture, with loading the model where another is loaded. */
  costMs(server: S, model: string, loaded: boolean): number;
}

/** The frames that are sent now, in order. */
export function schedule<F, S>(works: Work<F, S>[], lines: Line<S>[]): { frame: F; server: S }[] {
  const sent: { frame: F; server: S }[] = [];
  for (const work of works) {
    const best = soonest(work, lines);
    if (!best) continue;
    const { line, model, doneMs } = best;
    line.busyMs = doneMs;
    line.model = model;
    if (line.freeSlots === 0) continue;
    line.freeSlots -= 1;
    sent.push({ frame: work.frame, server: line.server });
  }
  return sent;
}

function soonest<F, S>(work: Work<F, S>, lines: Line<S>[]) {
  let best: { line: Line<S>; model: string; doneMs: number; loaded: boolean } | null = null;
  for (const line of lines) {
    const model = work.model(line.server);
    if (model === null) continue;
    const loaded = line.model === model;
    const doneMs = line.busyMs + work.costMs(line.server, model, loaded);
    // Of equal servers, one that has the model loaded.
    if (!best || doneMs < best.doneMs || (doneMs === best.doneMs && loaded && !best.loaded))
      best = { line, model, doneMs, loaded };
  }
  return best;
}
