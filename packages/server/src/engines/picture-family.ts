import type { Family } from '@limner/contract';

/** What is alike in every family that makes a picture out of one picture and takes no words. */
export const PICTURE_IN = {
  experimental: false,
  types: [],
  controls: [],
  size: null,
  references: 0,
  loras: false,
} satisfies Partial<Family>;
