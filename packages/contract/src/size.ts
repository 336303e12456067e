/** In pixels. A type, because translations accept it as values but not an interface. */
export type Size = { width: number; height: number };
