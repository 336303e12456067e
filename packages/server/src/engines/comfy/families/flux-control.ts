/**
 * Flux union ControlNets: one file, several kinds of control.
 *
 * The file of InstantX and the first Union-Pro distinguish the kinds by a number, the mode. ComfyUI's node
 * SetUnionControlNetType has the words of another model (SDXL's union) and passes on the position of the word, so
 * "depth" would select Flux's mode for tiles. `MODE_WORDS` has the word whose position is the wanted mode. A node with
 * Flux's own words is preferred. Union-Pro-2.0 has no modes and was not trained on tiles and blur.
 */
import type { Bilingual, ControlType } from '@limner/contract';
import type { GraphBuilder, GraphInput, Link } from '../graph.ts';
import { choicesOf, hasNode, listedName, modelsOf, type ServerInfo } from '../server-info.ts';
import { withControlNet } from './control-net.ts';
import { controlPicture } from './control-picture.ts';
import type { FluxFiles } from './family.ts';
import { chosenFile } from './files.ts';
import type { Control } from './model.ts';
import { loadControlNet, type TileControl } from './tile-control.ts';

const MODE_WORDS: Readonly<Record<ControlType, string>> = {
  canny: 'openpose', // 0
  tile: 'depth', // 1
  depth: 'hed/pidi/scribble/ted', // 2
  blur: 'canny/lineart/anime_lineart/mlsd', // 3
  pose: 'normal', // 4
};

const HAS_NO_MODES = /union[-_. ]?pro[-_. ]?(v?2|2\.0)/i;
const NOT_WITHOUT_MODES: readonly ControlType[] = ['tile', 'blur'];
const WITH_MODES = 'instantx-flux-union-controlnet.safetensors';

export const unionControl = (files: FluxFiles): Control => ({
  types: ['canny', 'depth', 'tile', 'blur', 'pose'],
  strength: 0.7,
  hasRange: true,
  file: () => files.controlnet,
  lacks: (type) => lackedMode(type, files),
  apply(p, links, size, control) {
    const { strength, start, end } = control;
    const image = controlPicture(p, size, control);
    const controlNet = loadUnion(p.b, control.type, files.controlnet, p.info);
    return withControlNet(p, links, { title: 'apply control', controlNet, image, strength, start, end });
  },
});

/** The union ControlNet for tiles: the operator's file, or that of InstantX where the operator's was not trained on them. */
export const fluxTileControl = (files: FluxFiles): TileControl => {
  const usual = HAS_NO_MODES.test(files.controlnet) ? WITH_MODES : files.controlnet;
  const fileOn = (info: ServerInfo) => chosenFile({ usual }, modelsOf(info, 'controlnet'), info);
  return { file: fileOn, load: (b, info) => loadUnion(b, 'tile', fileOn(info), info) };
};

function loadUnion(b: GraphBuilder, type: ControlType, file: string, info: ServerInfo): Link {
  const name = listedName(modelsOf(info, 'controlnet'), file) ?? file;
  const loaded = loadControlNet(b, 'control model', name);
  if (HAS_NO_MODES.test(file)) return loaded;
  const [classType, word] = modeNode(type, info);
  const fields: Record<string, GraphInput> = { control_net: loaded, type: word };
  return b.add(classType, `control mode: ${type}`, fields).out();
}

function modeNode(type: ControlType, info: ServerInfo): [classType: string, word: string] {
  if (hasNode(info, 'SetShakkerLabsUnionControlNetType')) return ['SetShakkerLabsUnionControlNetType', type];
  const honest = `${type} (InstantX)`;
  const listed = choicesOf(info, 'SetUnionControlNetType', 'type').includes(honest);
  return ['SetUnionControlNetType', listed ? honest : MODE_WORDS[type]];
}

/** With a file without tile and blur, ComfyUI would accept and ignore them. */
function lackedMode(type: ControlType, { controlnet }: FluxFiles): { file: string; cure: Bilingual } | null {
  if (!HAS_NO_MODES.test(controlnet) || !NOT_WITHOUT_MODES.includes(type)) return null;
  return {
    file: WITH_MODES,
    cure: {
      en: `${controlnet} was not trained on ${type}. Put ${WITH_MODES} into models/controlnet and set FLUX_CONTROLNET to it.`,
      zh: `${controlnet} 没有学过 ${type} 控制。请将 ${WITH_MODES} 放入 models/controlnet，并把 FLUX_CONTROLNET 设为该文件名。`,
    },
  };
}
