/** The path below which this page and its server are found, such as `/limner`; empty at the root. The server writes it. */
export const BASE = document.documentElement.dataset.base ?? '';
