import { routes } from '@limner/contract';
import type { FastifyInstance } from 'fastify';
import type { Desk } from '../studio/desk.ts';
import { bind } from './bind.ts';

export function pictureRoutes(app: FastifyInstance, { pictures }: Pick<Desk, 'pictures'>): void {
  bind(app, routes.resolvePictures, ({ caller, body }) => pictures.describe(caller, body.refs));
}
