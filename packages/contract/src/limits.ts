/** The sizes of what a request may say. */
export const MAX_BATCH = 32;
export const MAX_PROMPT_CHARS = 8_000;
/** Of pixel art in its own size; what paints anything else says its own least in `size.min`. */
export const MIN_SIDE_PX = 16;
export const MAX_SIDE_PX = 4096;
export const DEFAULT_NEGATIVE_PROMPT = 'ugly, blurry, low quality, watermark, text';

export const MAX_LORAS = 8;
/** Pictures an edit looks at. */
export const MAX_REFERENCES = 4;
/** Pictures of a training: beyond what any trainer takes; how many it does take, the trainer says. */
export const MAX_TRAINING_IMAGES = 1000;
export const MAX_CAPTION_CHARS = 500;
