/** What the ControlNet extension lists. A model is a control that some available family follows. */
import type { ControlType, FamilyOffer } from '@limner/contract';

/** The extension's name of each control's usual module, and its range. */
const MODULES: Record<ControlType, string> = {
  canny: 'canny',
  depth: 'depth_anything_v2',
  pose: 'openpose',
  tile: 'tile_resample',
  blur: 'blur_gaussian',
};
const LABELS: Record<ControlType, string> = {
  canny: 'Canny',
  depth: 'Depth',
  pose: 'OpenPose',
  tile: 'Tile',
  blur: 'Blur',
};
const NONE = 'none';

/** Controls that an available family follows. */
export const controlsOf = (offers: readonly FamilyOffer[]): ControlType[] => [
  ...new Set(
    offers
      .filter(({ kind, available }) => kind === 'generation' && available)
      .flatMap(({ controls }) => controls),
  ),
];

const modelOf = (type: ControlType): string => `limner_${type}`;

export const controlModels = (types: ControlType[]) => ({ model_list: types.map(modelOf) });

export const controlModules = (types: ControlType[]) => {
  const module_list = [NONE, ...types.map((type) => MODULES[type])];
  const detail = { model_free: false, sliders: [] };
  return {
    module_list,
    module_detail: Object.fromEntries(module_list.map((name) => [name, detail])),
  };
};

export const controlTypes = (types: ControlType[]) => ({
  control_types: {
    All: {
      module_list: controlModules(types).module_list,
      model_list: ['None', ...types.map(modelOf)],
      default_option: NONE,
      default_model: 'None',
    },
    ...Object.fromEntries(
      types.map((type) => [
        LABELS[type],
        {
          module_list: [NONE, MODULES[type]],
          model_list: ['None', modelOf(type)],
          default_option: MODULES[type],
          default_model: modelOf(type),
        },
      ]),
    ),
  },
});
