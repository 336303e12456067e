/** Counts and times requests by the pattern of their route. */
import type { FastifyInstance } from 'fastify';
import type { Meters } from '../telemetry/meters.ts';

declare module 'fastify' {
  interface FastifyInstance {
    meters: Meters;
  }
}

/** Addresses that no route has. */
const NO_ROUTE = 'none';

export function measureRequests(app: FastifyInstance, meters: Meters): void {
  app.addHook('onResponse', async ({ method, routeOptions }, reply) => {
    const route = routeOptions.url ?? NO_ROUTE;
    meters.answered({ method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
}
