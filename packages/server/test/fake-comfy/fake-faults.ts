/** What a fake ComfyUI does wrong. All switches may be turned while it runs; all off, it behaves. */
export interface FakeFaults {
  /** A prompt takes so long, spread over its sampler's steps. */
  promptMs: number;
  /** As with `--preview-method`; a real one shows none by default. */
  previews: boolean;
  /** Has the routes and rules of 0.33: jobs by id, UUIDs as prompt ids, previews only for prompts that ask for them. */
  newer: boolean;
  /** Holds its connections and answers nothing, as a process that is stopped. */
  frozen: boolean;
  /** Answers paths that begin so with a body that never ends. */
  endless: string;
  /** Answers paths that begin so with one byte now and then. */
  trickling: string;
  /** Sockets are accepted and never greeted. */
  silentSocket: boolean;
  /** Sockets get their first message and nothing after it. */
  muteSocket: boolean;
  /** Sockets are not accepted, as by a proxy that knows no WebSocket. */
  refuseSocket: boolean;
  /** Every socket is cut after so many messages; 0 never. */
  cutSocketAfter: number;
  /** Dies in the middle of the nth prompt it begins, and comes back empty after `downMs`; 0 never. */
  dieAtPrompt: number;
  downMs: number;
  /** The next so many requests to a path are answered 500. */
  serverErrors: { path: string; times: number };
  /** The prompt is taken, but the connection breaks before the answer is sent. */
  breakAnswers: number;
  /** Every prompt is refused with this input's fault. */
  refuse: { classType: string; input: string; type: string; details: string } | null;
  /** Prompts, counted from 1 in the order they begin, that run out of memory. */
  outOfMemoryAt: number[];
  /** A node class that fails when it is run; with a ValueError unless another type is named. */
  /** What its text node says of a picture. */
  description: string;
  failingNode: { classType: string; message: string; type?: string } | null;
  /** Succeeds without a file. */
  noOutput: boolean;
  /** Each film has so many bytes more. */
  filmFiller: number;
  /** Files are not there when they are asked for; the next so many. */
  missingFiles: number;
  /** Everything is said twice, among news of strangers, unknown types and broken frames. */
  noise: boolean;
  /** `/interrupt` stops whatever runs, as before 0.3.64. */
  oldInterrupt: boolean;
  /** Begins a prompt and shows no sign of life any more. */
  hang: boolean;
  /** The time between the success event and its entry in the history. */
  historyDelayMs: number;
  auth: { type: 'basic' | 'bearer' | 'token'; value: string } | null;
  uploadLimitBytes: number;
  version: string;
}

export const noFaults = (): FakeFaults => ({
  promptMs: 0,
  previews: true,
  newer: false,
  frozen: false,
  endless: '',
  trickling: '',
  silentSocket: false,
  muteSocket: false,
  refuseSocket: false,
  cutSocketAfter: 0,
  dieAtPrompt: 0,
  downMs: 50,
  serverErrors: { path: '', times: 0 },
  breakAnswers: 0,
  refuse: null,
  outOfMemoryAt: [],
  description: 'a disc',
  failingNode: null,
  noOutput: false,
  filmFiller: 0,
  missingFiles: 0,
  noise: false,
  oldInterrupt: false,
  hang: false,
  historyDelayMs: 0,
  auth: null,
  uploadLimitBytes: 100 * 2 ** 20,
  version: '0.3.64',
});
