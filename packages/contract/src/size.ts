/** In pixels. A type, not an interface: translations take it as their values. */
export type Size = { width: number; height: number };
