/** A span of each request, under the one that its `traceparent` names. */
import type { FastifyInstance } from 'fastify';
import type { Span, Traces } from '../telemetry/spans.ts';

declare module 'fastify' {
  interface FastifyRequest {
    span: Span;
  }
}

/** Call before `addCallers`, which reads the span. */
export function traceRequests(app: FastifyInstance, traces: Traces): void {
  app.addHook('onRequest', async (request) => {
    const { traceparent } = request.headers;
    const parent = typeof traceparent === 'string' ? traceparent : null;
    request.span = traces.begin(request.method, 'server', parent, {
      'http.request.method': request.method,
      'limner.request_id': request.id,
    });
  });
  app.addHook('onResponse', async ({ method, span, routeOptions: { url } }, { statusCode }) => {
    if (url !== undefined) span.rename(`${method} ${url}`);
    span.set({
      'http.response.status_code': statusCode,
      ...(url === undefined ? {} : { 'http.route': url }),
    });
    span.end(statusCode >= 500 ? new Error(`HTTP ${statusCode}`) : undefined);
  });
  app.decorateRequest('span');
}
