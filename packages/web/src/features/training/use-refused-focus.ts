/** Moves the focus to the first refused field of a form after it was sent. */
import { type RefObject, useEffect } from 'react';

/** What a user can act on in a refused field. */
const REFUSED = '[aria-invalid="true"], [data-refused="true"] button';

/** `sent`: changes with every refusal; falsy before the first. */
export function useRefusedFocus(form: RefObject<HTMLFormElement | null>, sent: unknown): void {
  useEffect(() => {
    const field = sent ? form.current?.querySelector<HTMLElement>(REFUSED) : null;
    if (!field) return;
    const fold = field.closest('details');
    if (fold) fold.open = true;
    field.focus();
  }, [form, sent]);
}
