import type { Family } from '@limner/contract';

/** Fields of every family that makes one picture from one picture, without a prompt. */
export const PICTURE_IN = {
  experimental: false,
  types: [],
  controls: [],
  size: null,
  references: 0,
  loras: false,
} satisfies Partial<Family>;
