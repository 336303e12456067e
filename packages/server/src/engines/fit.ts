/** Whether a family's form can take a recipe, and the refusal if it cannot. Pure. */
import {
  type Bilingual,
  type Family,
  type Recipe,
  StudioError,
  type TaskKind,
  type VideoType,
  videoTypeOf,
} from '@limner/contract';

/** True if the family supports the recipe on some engine. */
export const canDo = (family: Family, recipe: Recipe): boolean =>
  (!recipe.type || family.types.includes(recipe.type)) &&
  (!recipe.outpaint || family.outpaint === true) &&
  (!recipe.controlnet || family.controls.includes(recipe.controlnet.type)) &&
  (recipe.kind !== 'video' || (family.video?.types.includes(videoTypeOf(recipe)) ?? false)) &&
  takesStyles(family, recipe) &&
  takesReferences(family, recipe);

const takesStyles = ({ style_images: most = 0 }: Family, { style_images }: Recipe): boolean =>
  style_images.length <= most;

/** The style pictures of an edit are references that are called style in words. */
const takesReferences = ({ references: most }: Family, { kind, references, style_images }: Recipe): boolean =>
  references.length === 0 || references.length + (kind === 'edit' ? style_images.length : 0) <= most;

/**
 * @param family the first that could be asked; undefined: there is none of this kind
 * @param others families of the kind, for a choice of those that can
 * @param cure of what the engine lacks
 */
export function unfit(
  family: Family | undefined,
  others: Family[],
  recipe: Recipe,
  cure: () => Bilingual | undefined,
): StudioError {
  if (family && canDo(family, { ...recipe, style_images: [] })) return stylesRefused(family, others, recipe);
  if (family && canDo(family, { ...recipe, references: [] }))
    return referencesRefused(family, others, recipe);
  if (family && recipe.kind === 'video') return otherVideo(family, recipe);
  if (family && canDo(family, { ...recipe, outpaint: null })) return extensionRefused(family);
  const what = recipe.controlnet ? `ControlNet ${recipe.controlnet.type}` : (recipe.type ?? recipe.kind);
  const known = cure();
  const reason = {
    en: [`it has no ${what}.`, known?.en].filter(Boolean).join(' '),
    zh: `不支持 ${what}。${known?.zh ?? ''}`,
  };
  const data = { family: family?.label ?? recipe.family, reason, types: family?.types };
  return new StudioError('unsupported', { data, field: recipe.controlnet ? 'controlnet' : 'type' });
}

const KINDS: Record<TaskKind, Bilingual> = {
  generation: { en: 'pictures from words', zh: '由文字生成图片' },
  edit: { en: 'edits of pictures', zh: '图片编辑' },
  remove_bg: { en: 'cut-outs', zh: '抠图' },
  control_preview: { en: 'ControlNet previews', zh: 'ControlNet 预览' },
  upscale: { en: 'enlargements', zh: '放大' },
  video: { en: 'videos', zh: '视频' },
  animation: { en: 'animations', zh: '动画' },
  training: { en: 'trainings', zh: '训练' },
};

/** The refusal of a family that was named for work of another kind. */
export const otherKind = ({ label, kind }: Family, wanted: TaskKind): StudioError => {
  const [own, other] = [KINDS[kind], KINDS[wanted]];
  const reason = {
    en: `it is for ${own.en}, not for ${other.en}. Leave the family out, or choose one of that kind (GET /api/families).`,
    zh: `它用于${own.zh}，不用于${other.zh}。请不指定模型系列，或改选该类的系列（GET /api/families）。`,
  };
  return new StudioError('unsupported', { data: { family: label, reason }, field: 'family' });
};

const VIDEO_REASONS: Record<VideoType, { reason: Bilingual; field: string }> = {
  text_to_video: {
    reason: { en: 'it needs a start picture.', zh: '它需要起始图。' },
    field: 'input_image',
  },
  image_to_video: {
    reason: { en: 'it takes no start picture.', zh: '它不接受起始图。' },
    field: 'input_image',
  },
  first_last: {
    reason: { en: 'it takes no end picture.', zh: '它不接受结束图。' },
    field: 'video.end_image',
  },
};

function otherVideo({ label }: Family, recipe: Recipe): StudioError {
  const { reason, field } = VIDEO_REASONS[videoTypeOf(recipe)];
  return new StudioError('unsupported', { data: { family: label, reason }, field });
}

function stylesRefused(family: Family, others: Family[], recipe: Recipe): StudioError {
  const { label, types, style_images: most = 0, references } = family;
  const able = others.filter((other) => canDo(other, recipe)).map((other) => other.label);
  const reason =
    most === 0 ? withoutStyles(able) : recipe.kind === 'edit' ? mostPictures(references) : mostStyles(most);
  return new StudioError('unsupported', { data: { family: label, reason, types }, field: 'style_images' });
}

function withoutStyles(able: Bilingual[]): Bilingual {
  const [en, zh] = [
    able.map((label) => label.en).join(', '),
    able.map((label) => `「${label.zh}」`).join(''),
  ];
  return {
    en: `it takes no style pictures.${en && ` These do: ${en}.`}`,
    zh: `它不支持风格图。${zh && `可改用${zh}。`}`,
  };
}

const mostStyles = (most: number): Bilingual => ({
  en: `it takes at most ${most} style pictures.`,
  zh: `它最多支持 ${most} 张风格图。`,
});

const mostPictures = (most: number): Bilingual => ({
  en: `it takes at most ${most} pictures, references and style pictures together.`,
  zh: `参考图与风格图合计最多 ${most} 张。`,
});

function referencesRefused(family: Family, others: Family[], recipe: Recipe): StudioError {
  const { label, references: most, types } = family;
  const reason =
    most === 0
      ? { en: 'it takes no reference pictures.', zh: '它不接受参考图。' }
      : { en: `it takes at most ${most} reference pictures.`, zh: `它最多接受 ${most} 张参考图。` };
  const known = moreReferences(others.filter((other) => canDo(other, recipe)));
  const whole = { en: `${reason.en}${known.en}`, zh: `${reason.zh}${known.zh}` };
  return new StudioError('unsupported', {
    data: { family: label, reason: whole, types },
    field: 'references',
  });
}

/** Nothing where no family takes so many. */
function moreReferences(able: Family[]): Bilingual {
  if (able.length === 0) return { en: '', zh: '' };
  const [en, zh] = [able.map(({ label }) => label.en), able.map(({ label }) => `「${label.zh}」`)];
  return { en: ` These take that many: ${en.join(', ')}.`, zh: `可改用${zh.join('')}。` };
}

function extensionRefused({ label, types }: Family): StudioError {
  const reason = {
    en: 'it repaints inside a picture, but does not extend it.',
    zh: '它可以局部重绘，但不能扩展画面。',
  };
  return new StudioError('unsupported', { data: { family: label, reason, types }, field: 'outpaint' });
}
