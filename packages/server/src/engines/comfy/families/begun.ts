/** The beginning of every graph that paints: the model with its LoRAs and patches. */
import type { Lora } from '@limner/contract';
import type { Link } from '../graph.ts';
import { modelsOf, type ServerInfo } from '../server-info.ts';
import { chosenFile, type Plan, planOf } from './files.ts';
import { loadModel } from './loaders.ts';
import { lorasOf, withLoras, withLorasAndClip } from './loras.ts';
import type { Model, Painting } from './model.ts';

type Asked = Omit<Painting, 'model' | 'file' | 'speed' | 'numbers' | 'clip' | 'vae' | 'audioVae'>;

/** `own`: the link to the model, ready for the sampler. */
export function begun(model: Model, asked: Asked): { p: Painting; own: Link; loras: Lora[] } {
  const { b, request, info } = asked;
  const plan = planOf(model, request, info);
  const loaded = loadModel(b, model, plan, info);
  const loras = [...speedLora(plan, info), ...lorasOf(request)].filter(
    ({ name }) => model.takesLora?.(name) ?? true,
  );
  const start = model.hasClipLoras
    ? withLorasAndClip(b, loaded, loras, info)
    : { model: withLoras(b, loaded.model, loras, info), clip: loaded.clip };
  const { file, numbers, speed } = plan;
  const { vae, audioVae = null } = loaded;
  const p: Painting = { ...asked, model, file, speed, numbers, clip: start.clip, vae, audioVae };
  return { p, own: patched(p, start.model), loras };
}

function speedLora({ speed }: Plan, info: ServerInfo): Lora[] {
  return speed ? [{ name: chosenFile(speed.file, modelsOf(info, 'loras'), info), weight: 1 }] : [];
}

const patched = ({ b, model }: Painting, link: Link): Link =>
  (model.patches ?? []).reduce<Link>(
    (from, { classType, title, fields }) => b.add(classType, title, { model: from, ...fields }).out(),
    link,
  );
