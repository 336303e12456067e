/** What a video is made from: words alone, its first frame, or its first and its last frame. */
export const VIDEO_TYPES = ['text_to_video', 'image_to_video', 'first_last'] as const;
export type VideoType = (typeof VIDEO_TYPES)[number];
