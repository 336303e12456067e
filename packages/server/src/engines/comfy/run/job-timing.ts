/** All pauses and time-outs of the ComfyUI engine, in one place so that tests can shorten them. */
import type { TaskKind } from '@limner/contract';

export interface Timing {
  /** Between two polls of a prompt while events arrive, and while none do. */
  pollMs: number;
  quickPollMs: number;
  /** Before the second poll that decides that a prompt is lost. */
  secondPollMs: number;
  /** First and longest pause before connecting again. */
  reconnectMs: number;
  reconnectMaxMs: number;
  /** Between two pings on a socket; without a message for `silentMs` the server is not responding, for `deadMs` the connection is dead. */
  pingMs: number;
  silentMs: number;
  deadMs: number;
  /** Until a socket is open, and again until the server's first message. */
  handshakeMs: number;
  /** A server that needs longer to report its memory is not responding. */
  probeMs: number;
  /** Between two probes of a server whose socket cannot be opened. */
  healthMs: number;
  /** How long a closed port is retried before its prompts are lost: queue and history ended with the process. */
  goneMs: number;
  /** Before a request is refused, all servers are read again: at most this often, and the request waits at most so long. */
  refreshEveryMs: number;
  refreshWaitMs: number;
  /** Time-out of a running prompt, of a server that does not answer, and while all servers are unreachable. */
  runningMs: number;
  /**
   * Time-out of a waiting prompt that does not move up, because long prompts of others may run before it. Also for a
   * running prompt whose events go to an earlier process.
   */
  waitingMs: number;
  /** Between two checks of a frame that waits for a slot. */
  slotCheckMs: number;
}

/**
 * A video is silent for minutes where a picture is for seconds: a step over all its frames, the models of both of its halves,
 * and its decoding without progress.
 */
const VIDEO_TIMES = 6;

export const silenceMs = (timeoutMs: number, kind: TaskKind): number =>
  kind === 'video' ? VIDEO_TIMES * timeoutMs : timeoutMs;

/** Of a job that makes such a thing. */
export const timingOf = (usual: Timing, kind: TaskKind): Timing => ({
  ...usual,
  runningMs: silenceMs(usual.runningMs, kind),
  waitingMs: Math.max(usual.waitingMs, silenceMs(usual.runningMs, kind)),
});

export const timing = (timeoutMs: number): Timing => ({
  pollMs: 5_000,
  quickPollMs: 1_000,
  secondPollMs: 400,
  reconnectMs: 250,
  reconnectMaxMs: 10_000,
  pingMs: 3_000,
  silentMs: 9_000,
  deadMs: 45_000,
  handshakeMs: 10_000,
  probeMs: 9_000,
  healthMs: 5_000,
  goneMs: 10_000,
  refreshEveryMs: 2_000,
  refreshWaitMs: 5_000,
  runningMs: timeoutMs,
  waitingMs: 6 * timeoutMs,
  slotCheckMs: Math.min(5_000, timeoutMs / 4),
});
