/** Limits of requests. */
export const MAX_BATCH = 32;
export const MAX_PROMPT_CHARS = 8_000;
/** Added at one side of a picture that is extended. */
export const MAX_MARGIN_PX = 4096;
/** Of the longer side of a picture that was extended. */
export const MAX_EXTENDED_SIDE_PX = 8192;
/** Of its area: 32 megapixels. */
export const MAX_EXTENDED_PIXELS = 32_000_000;
export const MAX_FEATHER_PX = 256;
export const USUAL_FEATHER_PX = 32;
/** For pixel art with one pixel per cell; other families state their own minimum in `size.min`. */
export const MIN_SIDE_PX = 16;
export const MAX_SIDE_PX = 4096;
export const DEFAULT_NEGATIVE_PROMPT = 'ugly, blurry, low quality, watermark, text';

export const MAX_LORAS = 8;
/** Of a LoRA, to both sides of 0. */
export const MAX_LORA_WEIGHT = 4;
export const MAX_LORA_NAME_CHARS = 300;
/** Of the layers that a model takes a picture apart into. */
export const MIN_LAYERS = 2;
export const MAX_LAYERS = 8;
/** Maximum number of an edit's pictures. Most families take fewer: see `references` of each. */
export const MAX_REFERENCES = 10;
/** Maximum number of the pictures whose style a picture takes. */
export const MAX_STYLE_IMAGES = 4;
/** How much of an enlarged picture is painted again: `min` is faithful to it. */
export const CREATIVITY = { min: 0.1, usual: 0.35, max: 0.6 };
/** Of a LoRA file that was trained elsewhere. */
export const MAX_LORA_BYTES = 4 * 1024 ** 3;
/** Maximum number of a training's pictures, above the limit of every trainer. Each trainer states its own. */
export const MAX_TRAINING_IMAGES = 1000;
export const MAX_CAPTION_CHARS = 2_000;
/** A training picture with a shorter side gets a notice. */
export const SMALL_TRAINING_PIXELS = 64;
/** Of the key of an imported workflow's own placeholder. */
export const MAX_INPUT_KEY_CHARS = 60;
/** Of a video. Families make fewer. */
export const MAX_VIDEO_FRAMES = 1_000;
/** Frames per second. */
export const MAX_FPS = 60;
/** Of an animation. */
export const MAX_ANIMATION_FRAMES = 1_000;
export const MAX_ANIMATION_NAME_CHARS = 60;
/** Frames per second: one in ten seconds. */
export const MIN_ANIMATION_FPS = 0.1;
/** Players show frames of less than two hundredths of a second for ten. */
export const MAX_GIF_FPS = 50;
/** Between the frames of a sprite sheet. */
export const MAX_PADDING_PX = 64;
/** Of a sprite sheet: browsers and graphics cards do not show longer sides. */
export const MAX_SHEET_SIDE_PX = 16_384;
/** Of a sprite sheet: 64 megapixels, 256 MB where it is shown. */
export const MAX_SHEET_PIXELS = 64_000_000;
/** Of a family's id. */
export const MAX_FAMILY_CHARS = 100;
/** Of choices within choices. */
export const MAX_CHOICE_DEPTH = 20;
/** Folders within folders that wildcards may lie in. */
export const MAX_WILDCARD_FOLDERS = 8;
/** Of a wildcard's name with its folders. */
export const MAX_WILDCARD_NAME_CHARS = 200;
export const MAX_WILDCARD_BYTES = 4 * 1024 ** 2;
export const MAX_WILDCARD_ENTRIES = 200_000;
/** Of the choices that a frame keeps beside its prompt. */
export const MAX_KEPT_CHOICES = 200;
export const MAX_KEPT_CHOICE_CHARS = 300;
