/** The sentences of results, in the language of the caller. Descriptions of tools are English for everybody. */
import type { ErrorCode, Language, TaskStatus, Training } from '@limner/contract';

interface Counted {
  id: number;
  status: TaskStatus;
  finished: number;
  total: number;
}

export interface Words {
  failed(why: string): string;
  badArgument(field: string, reason: string): string;
  known(fields: string[]): string;
  unknownPicture(text: string): string;
  dataTooLarge(megabytes: number): string;
  dataNotBase64: string;
  noStyle(name: string, names: string[]): string;
  noDataset(name: string, names: string[]): string;
  training(run: Training): string;
  noPicture(id: string): string;
  noFamily(id: string): string;
  /** What a tool can do about a refusal of the studio. */
  cures: Partial<Record<ErrorCode, string>>;
  noEditModel: string;
  strengthAlone: string;
  imageOrTask: string;
  withoutEffect(fields: string[]): string;
  unfinished(task: Counted, transparent: boolean): string;
  completed(task: Counted): string;
  cancelled(task: Counted): string;
  partly(task: Counted): string;
  allFailed(task: Counted): string;
  cutting(source: number): string;
  waits(id: number): string;
  progress(task: Counted): string;
  found(count: number, before: number | null): string;
  picture(id: string): string;
  starred(id: string, starred: boolean): string;
  askDelete(id: string): string;
  mustAsk(id: string): string;
  kept(id: string): string;
  deleted(id: string): string;
  families(ready: number, others: number): string;
  styles(count: number, of: number): string;
  status(version: string, running: number, queued: number): string;
}

const named = (names: string[]): string => names.map((name) => `"${name}"`).join(', ');

const en: Words = {
  failed: (why) => `The call failed: ${why}. Call studio_status to see whether Limner runs.`,
  badArgument: (field, reason) => `${field} ${reason}.`,
  known: (fields) => `Arguments: ${fields.join(', ') || 'none'}.`,
  unknownPicture: (text) =>
    `"${text}" is no picture id such as 12_0, no http(s) address and no data URL. Over HTTP Limner cannot read files of your machine.`,
  dataTooLarge: (megabytes) =>
    `A data URL may hold ${megabytes} MB. Make the picture smaller, or send an address.`,
  dataNotBase64: 'A data URL must be base64: data:image/png;base64,…',
  noStyle: (name, names) => `There is no style "${name}". Styles: ${named(names) || 'none'}.`,
  noDataset: (name, names) =>
    `There is no data set "${name}". Data sets: ${named(names) || 'none; the user makes them under Training'}.`,
  training: ({ id, style_name, status, step, steps, resume_step, lora_notice }) => {
    if (status === 'completed')
      return `The style "${style_name}" is trained. Paint with it by style.${lora_notice ? ` ${lora_notice.en}` : ''}`;
    if (status === 'failed' || status === 'cancelled')
      return `The training of "${style_name}" (task ${id}) is ${status} after step ${step} of ${steps}${resume_step > 0 ? `; the user can resume it from step ${resume_step}` : ''}.`;
    return `The training of "${style_name}" (task ${id}) is ${status}: step ${step} of ${steps}. Call get_task with id ${id} to see more, cancel_task to stop it.`;
  },
  noPicture: (id) => `There is no picture "${id}". search_pictures lists the pictures that are there.`,
  strengthAlone: 'strength needs image, the picture to begin with.',
  imageOrTask: 'Give either image or task.',
  noFamily: (id) => `There is no model family "${id}". list_families lists those that are ready.`,
  cures: {
    image_not_found: 'search_pictures lists the pictures that are there.',
    models_missing: 'list_families lists the families that are ready.',
    unsupported: 'list_families says what each family can do.',
    queue_full: 'studio_status shows the queue.',
  },
  noEditModel: 'No model for edits is ready, so the first image was painted over (image to image).',
  withoutEffect: (fields) => `Without effect here: ${fields.join(', ')}.`,
  unfinished: ({ id, status, finished, total }, transparent) =>
    `Task ${id} is ${status} (${finished} of ${total} pictures finished). ${transparent ? `Call remove_background with task ${id} to wait for it and to cut its pictures out.` : `Call get_task with id ${id} to wait for it.`}`,
  completed: ({ id, finished, total }) => `Task ${id} is completed: ${finished} of ${total} pictures.`,
  cancelled: ({ id, finished, total }) =>
    `Task ${id} was cancelled: ${finished} of ${total} pictures were finished and kept.`,
  partly: ({ id, finished, total }) =>
    `Task ${id} partly failed: ${finished} of ${total} pictures. The reasons are in failures.`,
  allFailed: ({ id, finished, total }) =>
    `Task ${id} failed: ${finished} of ${total} pictures. The reasons are in failures.`,
  cutting: (source) =>
    `The pictures of task ${source} are painted and being cut out. Call remove_background with task ${source} to wait for it.`,
  waits: (id) => `Task ${id} waits in the queue`,
  progress: ({ id, finished, total }) => `Task ${id}: ${finished} of ${total} pictures finished`,
  found: (count, before) =>
    `${count} ${count === 1 ? 'picture' : 'pictures'}.${before === null ? '' : ` Older ones: before ${before}.`}`,
  picture: (id) => `Picture ${id}.`,
  starred: (id, starred) => `Picture ${id} ${starred ? 'is starred' : 'has no star'}.`,
  askDelete: (id) => `Delete picture ${id}? It can be restored from the bin.`,
  mustAsk: (id) => `Nothing was deleted. Ask the user whether to delete ${id}, then pass confirm: true.`,
  kept: (id) => `Picture ${id} was kept.`,
  deleted: (id) => `Picture ${id} is in the bin.`,
  families: (ready, others) => `${ready} families are ready, ${others} are not.`,
  styles: (count, of) =>
    count === of
      ? `${count} ${count === 1 ? 'style' : 'styles'}.`
      : `${count} of ${of} styles; name a part of the name in text.`,
  status: (version, running, queued) => `Limner ${version}: ${running} tasks run, ${queued} wait.`,
};

const STATUS_ZH: Partial<Record<TaskStatus, string>> = { queued: '正在排队', running: '正在运行' };

const zh: Words = {
  failed: (why) => `调用失败：${why}。请调用 studio_status 查看 Limner 是否在运行。`,
  badArgument: (field, reason) => `${field} ${reason}。`,
  known: (fields) => `可用参数：${fields.join('、') || '无'}。`,
  unknownPicture: (text) =>
    `“${text}”不是图片编号（如 12_0），也不是 http(s) 地址或 data URL。通过 HTTP 时 Limner 无法读取您电脑上的文件。`,
  dataTooLarge: (megabytes) => `data URL 最大 ${megabytes} MB。请缩小图片，或改为发送地址。`,
  dataNotBase64: 'data URL 必须是 base64：data:image/png;base64,…',
  noStyle: (name, names) => `没有风格“${name}”。现有风格：${named(names) || '无'}。`,
  noDataset: (name, names) =>
    `没有数据集“${name}”。现有数据集：${named(names) || '无；由用户在「训练」中创建'}。`,
  training: ({ id, style_name, status, step, steps, resume_step, lora_notice }) => {
    if (status === 'completed')
      return `风格“${style_name}”训练完成，可用 style 指定它来绘制。${lora_notice?.zh ?? ''}`;
    if (status === 'failed' || status === 'cancelled')
      return `“${style_name}”的训练（任务 ${id}）在第 ${step}/${steps} 步${status === 'failed' ? '失败' : '被取消'}${resume_step > 0 ? `，用户可从第 ${resume_step} 步继续` : ''}。`;
    return `“${style_name}”的训练（任务 ${id}）${STATUS_ZH[status] ?? status}：第 ${step}/${steps} 步。请用 id ${id} 调用 get_task 查看进展，或用 cancel_task 停止。`;
  },
  noPicture: (id) => `没有图片“${id}”。search_pictures 会列出现有的图片。`,
  strengthAlone: 'strength 需要 image，即作为起点的图片。',
  imageOrTask: '请给出 image 或 task 之一。',
  noFamily: (id) => `没有名为“${id}”的模型系列。list_families 会列出可用的模型系列。`,
  cures: {
    image_not_found: 'search_pictures 会列出现有的图片。',
    models_missing: 'list_families 会列出可用的模型系列。',
    unsupported: 'list_families 会说明每个模型系列的能力。',
    queue_full: 'studio_status 会显示队列。',
  },
  noEditModel: '没有可用的编辑模型，因此在第一张图片上重绘（图生图）。',
  withoutEffect: (fields) => `此处不起作用：${fields.join('、')}。`,
  unfinished: ({ id, status, finished, total }, transparent) =>
    `任务 ${id} ${STATUS_ZH[status] ?? status}（已完成 ${finished}/${total} 张）。${transparent ? `请用 task ${id} 调用 remove_background，等待完成并抠出图片。` : `请用 id ${id} 调用 get_task 继续等待。`}`,
  completed: ({ id, finished, total }) => `任务 ${id} 已完成：${finished}/${total} 张图片。`,
  cancelled: ({ id, finished, total }) => `任务 ${id} 已取消：已完成的 ${finished}/${total} 张图片予以保留。`,
  partly: ({ id, finished, total }) =>
    `任务 ${id} 部分失败：完成 ${finished}/${total} 张图片。原因见 failures。`,
  allFailed: ({ id, finished, total }) =>
    `任务 ${id} 失败：完成 ${finished}/${total} 张图片。原因见 failures。`,
  cutting: (source) =>
    `任务 ${source} 的图片已画好，正在抠图。请用 task ${source} 调用 remove_background 继续等待。`,
  waits: (id) => `任务 ${id} 正在排队`,
  progress: ({ id, finished, total }) => `任务 ${id}：已完成 ${finished}/${total} 张图片`,
  found: (count, before) => `共 ${count} 张图片。${before === null ? '' : `更早的图片：before ${before}。`}`,
  picture: (id) => `图片 ${id}。`,
  starred: (id, starred) => `图片 ${id} ${starred ? '已加星标' : '没有星标'}。`,
  askDelete: (id) => `删除图片 ${id}？之后可以从回收站恢复。`,
  mustAsk: (id) => `没有删除任何内容。请先询问用户是否删除 ${id}，再传入 confirm: true。`,
  kept: (id) => `图片 ${id} 已保留。`,
  deleted: (id) => `图片 ${id} 已移入回收站。`,
  families: (ready, others) => `${ready} 个模型系列可用，${others} 个不可用。`,
  styles: (count, of) =>
    count === of ? `共 ${count} 个风格。` : `${of} 个风格中的 ${count} 个；可用 text 给出名称的一部分。`,
  status: (version, running, queued) =>
    `Limner ${version}：${running} 个任务正在运行，${queued} 个正在排队。`,
};

export const WORDS: Record<Language, Words> = { en, zh };
