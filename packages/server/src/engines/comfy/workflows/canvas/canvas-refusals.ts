/** Why a workflow that ComfyUI's page saved is refused, in both languages. */
import { type Bilingual, StudioError } from '@limner/contract';

const MOST_TOLD = 20;

export const nothingLeft: Bilingual = {
  en: 'no node that saves or shows a result is left: it has none, or each one is missing, muted or bypassed. Add a Save Image node to it in ComfyUI, or turn its own on, and save it again.',
  zh: '没有可保存或显示结果的节点：文件中没有，或者它们不存在于服务器、被静音或被绕过。请在 ComfyUI 中添加“保存图像”节点，或启用已有的保存节点，然后重新保存。',
};

/** The way without conversion. */
const EXPORT: Bilingual = {
  en: 'Or open it in ComfyUI, choose Workflow → Export (API), and import that file.',
  zh: '也可以在 ComfyUI 中打开它，选择“工作流 → 导出（API）”，再导入该文件。',
};

export function notConverted(problems: Bilingual[]): StudioError {
  const told = problems.slice(0, MOST_TOLD);
  const more = problems.length - told.length;
  return refused({
    en: [
      'this workflow could not be converted.',
      ...told.map(({ en }) => en),
      ...(more > 0 ? [`${more} more.`] : []),
      EXPORT.en,
    ].join('\n'),
    zh: [
      '该工作流无法转换。',
      ...told.map(({ zh }) => zh),
      ...(more > 0 ? [`还有 ${more} 处。`] : []),
      EXPORT.zh,
    ].join('\n'),
  });
}

export const serverNeeded = (): StudioError =>
  refused({
    en: `this is a workflow as the ComfyUI page saves it. To convert it, Limner needs a connected ComfyUI server: connect one and import the file again. ${EXPORT.en}`,
    zh: `这是 ComfyUI 页面保存的工作流。转换它需要一台已连接的 ComfyUI 服务器：请先连接，然后重新导入。${EXPORT.zh}`,
  });

export const damaged = (where: string): StudioError =>
  refused({
    en: `this file is not a workflow that the ComfyUI page saved: something is wrong at ${where}. ${EXPORT.en}`,
    zh: `这不是 ComfyUI 页面保存的工作流：${where} 处有误。${EXPORT.zh}`,
  });

export const entangled = (): StudioError =>
  refused({
    en: `its subgraphs contain each other, or its links form a circle. ${EXPORT.en}`,
    zh: `它的子图互相包含，或者连线成环。${EXPORT.zh}`,
  });

/** Unfolded: subgraphs may use others many times. */
export const MOST_NODES = 5_000;

export const tooMany = (): StudioError =>
  refused({
    en: `with its subgraphs it has more than ${MOST_NODES} nodes.`,
    zh: `连同子图，它超过 ${MOST_NODES} 个节点。`,
  });

const refused = (reason: Bilingual): StudioError =>
  new StudioError('invalid_request', { field: 'workflow', data: { reason } });
