/** Every pause and patience of the ComfyUI engine, in one place so that tests can hurry. */
export interface Timing {
  /** Between two looks at a prompt while its socket speaks, and while it is silent. */
  pollMs: number;
  quickPollMs: number;
  /** Before the second look that says a prompt is lost. */
  secondLookMs: number;
  /** First and longest pause before connecting again. */
  reconnectMs: number;
  reconnectMaxMs: number;
  pingMs: number;
  /** A look at a server whose socket cannot be opened, and at its memory for the health page. */
  healthMs: number;
  /** So long refuses a dead server's port before its prompts are given up: queue and history died with it. */
  goneMs: number;
  /** No sign of life of a prompt that runs, of a server that does not answer, of servers that are all away. */
  runningMs: number;
  /**
   * The queue before a waiting prompt does not move: others may be running something long. Also for a prompt that runs
   * but whose progress is told to an earlier process.
   */
  waitingMs: number;
  /** Between two looks of a frame that waits for a server. */
  placeMs: number;
}

export const timing = (timeoutMs: number): Timing => ({
  pollMs: 5_000,
  quickPollMs: 1_000,
  secondLookMs: 400,
  reconnectMs: 250,
  reconnectMaxMs: 10_000,
  pingMs: 15_000,
  healthMs: 10_000,
  goneMs: 10_000,
  runningMs: timeoutMs,
  waitingMs: 6 * timeoutMs,
  placeMs: Math.min(5_000, timeoutMs / 4),
});
