import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Studio } from '../studio.ts';
import { bind } from './bind.ts';

export function pictureRoutes(app: FastifyInstance, { pictures }: Pick<Studio, 'pictures'>): void {
  bind(app, routes.resolvePictures, ({ body }) => pictures.describe(body.refs));
}
