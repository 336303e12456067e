/** Lists of what there is to choose from. */
import type { FastifyInstance } from 'fastify';
import { bind } from '../../bind.ts';
import type { DialectDesk } from '../dialect.ts';
import { controlModels, controlModules, controlsOf, controlTypes } from './control-lists.ts';
import { LATENT_MODES, loraRows, memoryUse, scriptNames, styleRows } from './lists.ts';
import { modelRow, modelsOf } from './models.ts';
import { routes } from './routes.ts';
import { samplerRows, schedulerRows, upscalerRow, upscalersOf } from './samplers.ts';

const NONE = [
  routes.vaes,
  routes.modules,
  routes.hypernetworks,
  routes.faceRestorers,
  routes.esrganModels,
  routes.scriptInfo,
  routes.extensions,
];

export function listRoutes(
  app: FastifyInstance,
  { engines, styles }: Pick<DialectDesk, 'engines' | 'styles'>,
): void {
  const controls = async () => controlsOf(await engines.offers());
  bind(app, routes.models, async () => modelsOf(await engines.offers()).map(modelRow));
  bind(app, routes.samplers, async () => samplerRows(await engines.offers()));
  bind(app, routes.schedulers, async () => schedulerRows(await engines.offers()));
  bind(app, routes.upscalers, async () => upscalersOf(await engines.offers()).map(upscalerRow));
  bind(app, routes.latentModes, async () => LATENT_MODES);
  bind(app, routes.loras, async () => loraRows(engines.loras()));
  bind(app, routes.embeddings, async () => ({ loaded: {}, skipped: {} }));
  bind(app, routes.styles, async ({ caller, language }) => styleRows(await styles.list(caller), language));
  bind(app, routes.scripts, async () => scriptNames((await controls()).length > 0));
  bind(app, routes.cmdFlags, async () => ({}));
  bind(app, routes.memory, async () => memoryUse());
  bind(app, routes.ping, async () => ({}));
  bind(app, routes.controlVersion, async () => ({ version: 3 }));
  bind(app, routes.controlModels, async () => controlModels(await controls()));
  bind(app, routes.controlModules, async () => controlModules(await controls()));
  bind(app, routes.controlTypes, async () => controlTypes(await controls()));
  bind(app, routes.controlSettings, async () => ({ control_net_unit_count: 1 }));
  for (const route of NONE) bind(app, route, async () => []);
}
