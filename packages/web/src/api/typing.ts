/** Whether somebody types at this moment: each key comes first, and what it would wait for can come a moment later. */
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
