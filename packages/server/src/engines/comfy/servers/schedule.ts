/**
 * Which server each waiting frame is finished on first. Pure.
 *
 * Frames are looked at in the order they came. Each goes to the server that would finish it first, given what is on it
 * and what was promised to it just before; a frame whose best server has no free slot waits for that server, although
 * another, slower one may be idle.
 */

/** A server as the schedule sees it. */
export interface Line<S> {
  server: S;
  /** Until everything on it is done. */
  busyMs: number;
  freeSlots: number;
  /** The model that will be loaded then. */
  model: string | null;
}

export interface Work<F, S> {
  frame: F;
  /** Null: the server cannot do it, or should not. */
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
    // Of equals the one that has the model.
    if (!best || doneMs < best.doneMs || (doneMs === best.doneMs && loaded && !best.loaded))
      best = { line, model, doneMs, loaded };
  }
  return best;
}
