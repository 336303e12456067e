/** What the server of the rounds and the rounds themselves agree on. */
import path from 'node:path';

export const STEPS = 80;

/** The variable with the keeper's file. */
export const KEEPER_ENTRY = 'LIMNER_TEST_KEEPER';

/** Where the program notes its starts. */
export const notesIn = (dataDir: string): string => path.join(dataDir, 'starts.log');
