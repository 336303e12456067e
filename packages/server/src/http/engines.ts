import type { FastifyInstance } from 'fastify';
import type { Studio } from '../studio.ts';
import { bind } from './bind.ts';

export function engineRoutes(app: FastifyInstance, { engines }: Pick<Studio, 'engines'>): void {
  bind(app, 'listFamilies', () => engines.offers());
  bind(app, 'listEngines', () => engines.health());
}
