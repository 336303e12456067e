/**
 * Limits for the size and duration of a server's answers. A ComfyUI stays far below; a broken or other program must not
 * take our memory or an endless connection.
 */
const MIB = 2 ** 20;

/** Server facts, refusals and error pages. */
export const MAX_TEXT_BYTES = MIB;
/** All node classes with all model files: 2 to 10 MiB with many node packs. */
export const MAX_OBJECT_INFO_BYTES = 48 * MIB;
/** The queue and the history repeat the graph of every prompt. */
export const MAX_PROMPTS_BYTES = 32 * MIB;
/** The header of a model file; some contain the log of their whole training. */
export const MAX_METADATA_BYTES = 4 * MIB;
/** Lists of model files, and ComfyUI-Manager's list of published ones: half a megabyte. */
export const MAX_LISTS_BYTES = 16 * MIB;
/** A picture is read into memory for inspection. */
export const MAX_PICTURE_BYTES = 256 * MIB;
/** Other files are streamed to the disk. */
export const MAX_FILE_BYTES = 4 * 1024 * MIB;
/** Files of one prompt; a video may come with each of its frames. */
export const MAX_RESULT_FILES = 512;
/** One message of the socket. Pictures that nodes send over it may be large; they are dropped. */
export const MAX_MESSAGE_BYTES = 32 * MIB;
/** A preview is stored with the frame and sent to every page. */
export const MAX_PREVIEW_BYTES = 2 * MIB;

export const CONNECT_TIMEOUT_MS = 5_000;
/** Until the head of the answer, and between two pieces of its body. A machine that loads a model may take seconds. */
export const ANSWER_TIMEOUT_MS = 30_000;
/** From the request to the end of the answer. */
export const WHOLE_ANSWER_MS = 60_000;
/** Several megabytes from a machine that is loading a model. */
export const OBJECT_INFO_MS = 120_000;
export const UPLOAD_MS = 300_000;
/** A picture or a film over a slow line. */
export const DOWNLOAD_MS = 30 * 60_000;

/** `48 MiB`, for error sentences. */
export const mebibytes = (bytes: number): string => `${Math.ceil(bytes / MIB)} MiB`;
