/**
 * The traces port: spans of a request, of the task it makes, of its frames and of the prompts that engines send for them,
 * each the parent of the next. Parents are passed on by hand, across processes as `traceparent` (W3C Trace Context) in the
 * task's plan, because following them by AsyncLocalStorage slows every promise of Node 20. Without an endpoint nothing is
 * traced (`NO_TRACES`).
 */
export type Attributes = Record<string, string | number | boolean>;

/** As OpenTelemetry names them. */
export type SpanRole = 'server' | 'client' | 'consumer' | 'internal';

export interface Span {
  /** For spans that other processes begin below it; null: nothing is traced. */
  readonly traceparent: string | null;
  child(name: string, role: SpanRole, attributes?: Attributes): Span;
  rename(name: string): void;
  set(attributes: Attributes): void;
  /** `error`: why it failed. */
  end(error?: unknown): void;
}

export interface Traces {
  /** @param parent a `traceparent`; anything else begins a new trace */
  begin(name: string, role: SpanRole, parent: string | null, attributes?: Attributes): Span;
  /** Sends what is there. Resolves when that has arrived or failed. */
  flush(): Promise<void>;
  /** Sends what is left, for a moment at most. */
  close(): Promise<void>;
}

export const NO_SPAN: Span = {
  traceparent: null,
  child: () => NO_SPAN,
  rename: () => undefined,
  set: () => undefined,
  end: () => undefined,
};

export const NO_TRACES: Traces = {
  begin: () => NO_SPAN,
  flush: async () => undefined,
  close: async () => undefined,
};
