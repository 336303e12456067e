/** Which input a bypassed node hands on. Pure. */
import type { CanvasNode } from './canvas.ts';

/** The input with the same place as the output if the type is right, otherwise the first with that type; -1: none. */
export function bypassedInput({ inputs, outputs }: CanvasNode, slot: number, type: string): number {
  const all = inputs ?? [];
  if (type === '*' || type === '') return all.length > slot ? slot : 0;
  const given = outputs?.[slot]?.type ?? type;
  const suits = (input?: { type: string }): boolean =>
    input !== undefined && isOneOf(input.type, given) && isOneOf(input.type, type);
  if (suits(all[slot])) return slot;
  const exact = all.findIndex((input) => input.type === type);
  return exact === -1 ? all.findIndex(suits) : exact;
}

const isOneOf = (a: string, b: string): boolean =>
  a === '*' ||
  b === '*' ||
  a
    .toLowerCase()
    .split(',')
    .some((each) => b.toLowerCase().split(',').includes(each));
