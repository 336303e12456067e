/** All dialects. */
import type { FastifyInstance } from 'fastify';
import type { MethodsAt } from '../missing.ts';
import { a1111 } from './a1111/a1111.ts';
import { addDialect, type Dialect, type DialectDesk } from './dialect.ts';
import { generationV1 } from './generation-v1/generation-v1.ts';
import { kontextPlan } from './kontext-plan/kontext-plan.ts';
import { kontextService } from './kontext-service/kontext-service.ts';
import { openai } from './openai/openai.ts';

export const DIALECTS: readonly Dialect[] = [kontextService, kontextPlan, generationV1, a1111, openai];

export async function dialectRoutes(
  app: FastifyInstance,
  desk: DialectDesk,
  methodsAt: MethodsAt,
): Promise<void> {
  for (const dialect of DIALECTS) await addDialect(app, dialect, desk, methodsAt);
}
