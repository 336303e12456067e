/**
 * While an input method composes, its keys are its own: Enter takes a candidate, Escape drops them, letters spell. None of
 * them may reach a shortcut, a form or a dialog, so the guard stands before every other listener.
 *
 * Safari ends the composition before it sends the key that ended it; that key still has the code 229.
 */
const OF_INPUT_METHOD = 229;

type Key = Pick<KeyboardEvent, 'isComposing' | 'keyCode'>;

export const isComposing = (event: Key): boolean => event.isComposing || event.keyCode === OF_INPUT_METHOD;

/** Called before anything else listens to the window. */
export function guardInputMethods(target: EventTarget): void {
  const guard = (event: Event) => {
    if (isComposing(event as KeyboardEvent)) event.stopImmediatePropagation();
  };
  for (const type of ['keydown', 'keypress', 'keyup']) target.addEventListener(type, guard, true);
}
