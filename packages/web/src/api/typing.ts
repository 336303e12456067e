/** True while the user types; expensive drawing can wait until the next pause. */
const REST_MS = 600;
let keyMs = Number.NEGATIVE_INFINITY;

addEventListener(
  'keydown',
  () => {
    keyMs = performance.now();
  },
  true,
);

export const isTyping = (): boolean => performance.now() - keyMs < REST_MS;
