/** All dialects. */
import type { FastifyInstance } from 'fastify';
import { addDialect, type Dialect, type DialectDesk } from './dialect.ts';
import { kontextService } from './kontext-service/kontext-service.ts';

export const DIALECTS: readonly Dialect[] = [kontextService];

export async function dialectRoutes(app: FastifyInstance, desk: DialectDesk): Promise<void> {
  for (const dialect of DIALECTS) await addDialect(app, dialect, desk);
}
