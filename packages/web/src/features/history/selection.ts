/** The selected tasks. */
import { create } from 'zustand';

interface Selection {
  chosen: ReadonlySet<number>;
  /** The start of a range: the task that was selected last. */
  anchor: number | null;
}

const NONE: Selection = { chosen: new Set(), anchor: null };

export const useSelection = create<Selection>(() => NONE);

export const isSelecting = (): boolean => useSelection.getState().chosen.size > 0;

export function toggle(id: number): void {
  const next = new Set(useSelection.getState().chosen);
  if (!next.delete(id)) next.add(id);
  useSelection.setState({ chosen: next, anchor: id });
}

/** Everything between the anchor and this task, in the order shown; without an anchor only this task. */
export function extendTo(id: number, shown: readonly number[]): void {
  const { chosen, anchor } = useSelection.getState();
  const [here, there] = [shown.indexOf(id), anchor === null ? -1 : shown.indexOf(anchor)];
  const range = there === -1 ? [id] : shown.slice(Math.min(here, there), Math.max(here, there) + 1);
  useSelection.setState({ chosen: new Set([...chosen, ...range]), anchor: anchor ?? id });
}

export const choose = (ids: readonly number[]): void =>
  useSelection.setState({ chosen: new Set(ids), anchor: null });

export const chooseNothing = (): void => useSelection.setState(NONE);
