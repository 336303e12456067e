/** Completes names of wildcards in a text field: what is open at the caret, what fits, and the keys. */
import { type KeyboardEvent, type SyntheticEvent, useId, useLayoutEffect, useRef, useState } from 'react';
import { useWatchedWildcards, useWildcards } from '../../../../state/wildcards.ts';
import { completions, openMark } from './open-mark.ts';

export interface Completion {
  listId: string;
  names: string[];
  active: number;
  accept: (name: string) => void;
}

const NO_NAMES: never[] = [];

/** @param onText takes the whole text after a completion */
export function useCompletion(text: string, onText: (text: string) => void) {
  const listId = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  /** null: the field has no focus, or the list was closed. */
  const [caret, setCaret] = useState<number | null>(null);
  const [picked, setPicked] = useState<{ typed: string; index: number }>({ typed: '', index: 0 });
  const caretAfter = useRef<number | null>(null);
  useWatchedWildcards(text.includes('__'));
  const known = useWildcards(({ wildcards }) => wildcards) ?? NO_NAMES;
  const all = caret === null ? NO_NAMES : known.map(({ name }) => name);
  const mark = caret === null ? null : openMark(text, caret, all);
  const names = mark ? completions(mark.typed, all) : NO_NAMES;
  const isOpen = names.length > 0;
  const active = mark && picked.typed === mark.typed ? Math.min(picked.index, names.length - 1) : 0;

  useLayoutEffect(() => {
    if (caretAfter.current === null) return;
    field.current?.setSelectionRange(caretAfter.current, caretAfter.current);
    caretAfter.current = null;
  });

  const accept = (name: string) => {
    const element = field.current;
    if (!mark || !element) return;
    const sign = /^[~@!]/.exec(mark.typed)?.[0] ?? '';
    const token = `__${sign}${name}__`;
    setCaret(null);
    element.focus();
    element.setSelectionRange(mark.from, mark.to);
    // Keeps the field's own undo, which a replaced value would end.
    if (document.execCommand?.('insertText', false, token)) return;
    caretAfter.current = mark.from + token.length;
    onText(text.slice(0, mark.from) + token + text.slice(mark.to));
  };

  /** True: the key was the list's. */
  const pressed = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    if (!isOpen || !mark || event.ctrlKey || event.metaKey || event.altKey) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = names[active];
    if (step) setPicked({ typed: mark.typed, index: (active + step + names.length) % names.length });
    else if (event.key === 'Escape') setCaret(null);
    else if (chosen !== undefined && (event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey)))
      accept(chosen);
    else return false;
    event.preventDefault();
    return true;
  };

  const follow = ({ currentTarget }: SyntheticEvent<HTMLTextAreaElement>) => {
    field.current = currentTarget;
    const { selectionStart, selectionEnd } = currentTarget;
    setCaret(selectionStart === selectionEnd ? selectionStart : null);
  };

  return {
    completion: isOpen ? ({ listId, names, active, accept } satisfies Completion) : null,
    pressed,
    follow,
    /** For the field: what links it to the list, and what follows its caret. */
    field: {
      'aria-autocomplete': 'list',
      'aria-haspopup': 'listbox',
      'aria-controls': isOpen ? listId : undefined,
      'aria-activedescendant': isOpen ? `${listId}-${active}` : undefined,
      onSelect: follow,
      onBlur: () => setCaret(null),
    } as const,
  };
}
