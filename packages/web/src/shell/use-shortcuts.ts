/**
 * Single-key shortcuts outside of fields. A picture's shortcut is sent as a `picture-key` event to the picture with
 * focus or pointer, which has `data-picture`.
 */
import { useEffect } from 'react';
import { useNavigate } from 'react-router';
import { create } from 'zustand';
import { compose, MODES, type Mode } from '../state/draft/draft.ts';
import { canEdit, knowsMode } from '../state/draft/draft-rules.ts';
import { useStudio } from '../state/studio.ts';
import { PAGES } from './pages.ts';

export const useShortcutList = create(() => ({ open: false }));

const PICTURE_KEYS = new Set(['d', 'p', 'x', 'v', 'u', 'o', 'e', 's', 'r', 'c', 'Backspace', 'Delete']);
const ARROWS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
/** Milliseconds between G and the letter of a page. */
const CHORD_MS = 1200;

export function useShortcuts(): void {
  const navigate = useNavigate();
  useEffect(() => {
    let goUntilMs = 0;
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      if (inField(event.target) && !(isEmptyPrompt(event.target) && event.key in ARROWS)) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const page = PAGES.find((candidate) => candidate.letter === key);
      if (page && Date.now() < goUntilMs) {
        goUntilMs = 0;
        navigate(page.path);
      } else if (key === 'g') goUntilMs = Date.now() + CHORD_MS;
      else if (key === '?') useShortcutList.setState({ open: true });
      else if (key === '/') focusPrompt();
      else if (MODES[Number(key) - 1] && document.querySelector('[data-prompt]'))
        chooseMode(MODES[Number(key) - 1] as Mode);
      else if (key in ARROWS) moveFocus(key);
      else if (key === ' ') {
        // The key presses any other button.
        if (!opensPicture(event.target) || !sendToPicture(key)) return;
      } else if (PICTURE_KEYS.has(key)) sendToPicture(key);
      else return;
      if (key !== 'g') event.preventDefault();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, [navigate]);
}

/** Arrow keys have no use in it, so they move to the pictures. */
const isEmptyPrompt = (target: EventTarget | null): boolean =>
  target instanceof HTMLTextAreaElement && target.matches('[data-prompt]') && target.value === '';

function inField(target: EventTarget | null): boolean {
  const element = target instanceof HTMLElement ? target : null;
  return Boolean(
    element?.closest(
      'input, textarea, select, [contenteditable], [role="slider"], [role="menu"], [role="listbox"], [role="radiogroup"], [role="dialog"], dialog',
    ),
  );
}

/** As in the form: a mode that no model knows is not there, and an edit needs a model that is ready. */
function chooseMode(mode: Mode): void {
  const { families } = useStudio.getState();
  const isKnown = mode === 'txt2img' || families.some((family) => knowsMode(family, mode));
  if (isKnown && (mode !== 'edit' || canEdit(families))) compose({ mode });
}

function focusPrompt(): void {
  document.querySelector<HTMLTextAreaElement>('[data-prompt]')?.focus();
}

const opensPicture = (target: EventTarget | null): boolean =>
  target === document.body || (target instanceof Element && target.matches('[data-opens-picture]'));

/** False if no picture has focus or pointer. */
function sendToPicture(key: string): boolean {
  const focused = document.activeElement?.closest('[data-picture]');
  const picture = focused ?? document.querySelector('[data-picture]:hover');
  return picture?.dispatchEvent(new CustomEvent('picture-key', { detail: key })) ?? false;
}

/** To the nearest picture in the direction of the arrow. */
function moveFocus(key: string): void {
  const here = document.activeElement?.closest('[data-picture]');
  const all = [...document.querySelectorAll<HTMLElement>('[data-picture]')];
  if (!here) {
    open(all[0]);
    return;
  }
  const [dx, dy] = ARROWS[key] ?? [0, 0];
  const from = centre(here);
  const ranked = all
    .map((element) => ({ element, at: centre(element) }))
    .map(({ element, at }) => ({
      element,
      along: (at.x - from.x) * dx + (at.y - from.y) * dy,
      across: Math.abs((at.x - from.x) * dy) + Math.abs((at.y - from.y) * dx),
    }))
    .filter(({ element, along }) => element !== here && along > 4)
    .sort((a, b) => a.along + a.across * 2 - (b.along + b.across * 2));
  open(ranked[0]?.element);
}

function open(element: HTMLElement | undefined): void {
  const target = element?.matches('button, a') ? element : element?.querySelector<HTMLElement>('button, a');
  target?.focus();
  target?.scrollIntoView({ block: 'nearest' });
}

function centre(element: Element): { x: number; y: number } {
  const box = element.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2 };
}
