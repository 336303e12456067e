import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { bind } from './bind.ts';

export function laneRoutes(app: FastifyInstance, { lanes }: Pick<Desk, 'lanes'>): void {
  bind(app, routes.listLanes, ({ caller }) => lanes.list(caller));
  bind(app, routes.pauseLane, ({ caller, params, body }) =>
    lanes.setPaused(caller, params.lane, body.paused),
  );
  bind(app, routes.moveInQueue, ({ caller, body }) => lanes.move(caller, body));
  bind(app, routes.cancelQueue, ({ caller }) => lanes.cancelAll(caller));
}
