/** Limner as a server of the Model Context Protocol: one table of tools over HTTP and stdio. */
export { answerMcp } from './http.ts';
export { keepPictures } from './kept-pictures.ts';
export { Refusal } from './result.ts';
export { mcpOverStdio } from './stdio.ts';
export type { Studio } from './studio.ts';
