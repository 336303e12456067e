/**
 * While an input method composes, all keys belong to it: Enter accepts a candidate, Escape discards them. They must not
 * reach a shortcut, form or dialog, so this guard is the first listener.
 *
 * Safari ends the composition before it sends the key that ended it; that key still has the code 229.
 */
const OF_INPUT_METHOD = 229;

type Key = Pick<KeyboardEvent, 'isComposing' | 'keyCode'>;

export const isComposing = (event: Key): boolean => event.isComposing || event.keyCode === OF_INPUT_METHOD;

/** Must be called before other listeners are added to the window. */
export function guardInputMethods(target: EventTarget): void {
  const guard = (event: Event) => {
    if (isComposing(event as KeyboardEvent)) event.stopImmediatePropagation();
  };
  for (const type of ['keydown', 'keypress', 'keyup']) target.addEventListener(type, guard, true);
}
