/** The frame continues here or in another process with its ticket, so what it left running must not be stopped. */
export const carriesOnLater = (reason: unknown): boolean => reason === 'stopping' || reason === 'lease_lost';
