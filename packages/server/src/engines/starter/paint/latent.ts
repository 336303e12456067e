/** The latent picture that is painted: channels, rows and columns. */
export const LATENT_SHAPE = [16, 8, 8];
export const LATENT_VALUES = 16 * 8 * 8;
