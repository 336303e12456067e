/**
 * Traces to an OpenTelemetry collector, as JSON over HTTP. The libraries are loaded only when an endpoint is configured. Spans are
 * sent in batches in the background; a collector that does not answer loses spans and delays nothing.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { StudioError } from '@limner/contract';
import type { Context, SpanKind as OtelKind, Span as OtelSpan, Tracer } from '@opentelemetry/api';
import type { BasicTracerProvider, SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Logger } from '../log.ts';
import type { Attributes, Span, SpanRole, Traces } from './spans.ts';

export interface OtelOptions {
  /** Base address of a collector, such as `http://127.0.0.1:4318`. */
  endpoint: string;
  headers: Record<string, string>;
  /** `service.name`. */
  service: string;
  version: string;
  log: Pick<Logger, 'warn' | 'info'>;
}

const EXPORT_TIMEOUT_MS = 3_000;
/** How long a stop waits for the last batch. */
const GOODBYE_MS = 2_000;
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

type Api = typeof import('@opentelemetry/api');

export class OtelTraces implements Traces {
  readonly #api: Api;
  readonly #provider: BasicTracerProvider;
  readonly #tracer: Tracer;

  private constructor(api: Api, provider: BasicTracerProvider, version: string) {
    this.#api = api;
    this.#provider = provider;
    this.#tracer = provider.getTracer('limner', version);
  }

  static async open({ endpoint, headers, service, version, log }: OtelOptions): Promise<OtelTraces> {
    const [api, sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
      import('@opentelemetry/api'),
      import('@opentelemetry/sdk-trace-base'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
    const url = `${endpoint.replace(/\/+$/, '')}/v1/traces`;
    const exporter = new OTLPTraceExporter({ url, headers, timeoutMillis: EXPORT_TIMEOUT_MS });
    const provider = new sdk.BasicTracerProvider({
      resource: resourceFromAttributes({ 'service.name': service, 'service.version': version }),
      spanProcessors: [new sdk.BatchSpanProcessor(sayingOnce(exporter, url, log))],
    });
    return new OtelTraces(api, provider, version);
  }

  begin(name: string, role: SpanRole, parent: string | null, attributes: Attributes = {}): Span {
    return this.#begin(name, role, this.#contextOf(parent), attributes);
  }

  async flush(): Promise<void> {
    await this.#provider.forceFlush().catch(() => undefined);
  }

  async close(): Promise<void> {
    const late = pause(GOODBYE_MS, undefined, { ref: false });
    await Promise.race([this.#provider.shutdown().catch(() => undefined), late]);
  }

  #begin(name: string, role: SpanRole, context: Context, attributes: Attributes): Span {
    const { SpanKind, trace } = this.#api;
    const kinds: Record<SpanRole, OtelKind> = {
      server: SpanKind.SERVER,
      client: SpanKind.CLIENT,
      consumer: SpanKind.CONSUMER,
      internal: SpanKind.INTERNAL,
    };
    const span = this.#tracer.startSpan(name, { kind: kinds[role], attributes }, context);
    const below = trace.setSpan(context, span);
    return {
      traceparent: traceparentOf(span),
      child: (childName, childRole, childAttributes = {}) =>
        this.#begin(childName, childRole, below, childAttributes),
      rename: (other) => void span.updateName(other),
      set: (more) => void span.setAttributes(more),
      end: (error) => {
        if (error !== undefined) {
          const type =
            error instanceof StudioError ? error.code : error instanceof Error ? error.name : 'error';
          span.setAttribute('error.type', type);
          span.setStatus({ code: this.#api.SpanStatusCode.ERROR, message: String(messageOf(error)) });
        }
        span.end();
      },
    };
  }

  #contextOf(parent: string | null): Context {
    const { ROOT_CONTEXT, trace } = this.#api;
    const [, traceId, spanId, flags] = TRACEPARENT.exec(parent ?? '') ?? [];
    if (traceId === undefined || spanId === undefined) return ROOT_CONTEXT;
    const remote = { traceId, spanId, traceFlags: Number.parseInt(flags ?? '0', 16), isRemote: true };
    return trace.setSpanContext(ROOT_CONTEXT, remote);
  }
}

function traceparentOf(span: OtelSpan): string {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
}

const messageOf = (error: unknown): unknown => (error instanceof Error ? error.message : error);

/** Failures are logged once, until a batch arrives again. */
function sayingOnce(inner: SpanExporter, url: string, log: OtelOptions['log']): SpanExporter {
  let isAway = false;
  return {
    export(spans, done) {
      inner.export(spans, (result) => {
        if (result.error && !isAway)
          log.warn(
            { err: result.error, url },
            'traces cannot be sent; they are dropped until OTEL_EXPORTER_OTLP_ENDPOINT answers',
          );
        if (!result.error && isAway) log.info({ url }, 'traces are sent again');
        isAway = result.error !== undefined;
        done({ code: 0 });
      });
    },
    shutdown: () => inner.shutdown(),
    forceFlush: async () => inner.forceFlush?.(),
  };
}
