/**
 * The path of this page and its server, such as `/limner`; empty at the root. The server writes it into the page. Unit
 * tests have no page.
 */
export const BASE = globalThis.document?.documentElement.dataset.base ?? '';

/** Key of stored work. Another Limner below another path of this host shares the storage, but not the pictures. */
export const storageKey = (name: string): string => name + BASE;
