/** What a check of the data folder and its database finds, by kind: rows that contradict each other or their files. */
import { z } from 'zod';

interface FindingEntry {
  /** What is wrong, and what a repair does. */
  en: { what: string; cure: string };
  zh: { what: string; cure: string };
  /** A repair changes it. False: it is named only. */
  mends: boolean;
}

const mended = (en: FindingEntry['en'], zh: FindingEntry['zh']): FindingEntry => ({ en, zh, mends: true });
const named = (en: FindingEntry['en'], zh: FindingEntry['zh']): FindingEntry => ({ en, zh, mends: false });

export const FINDINGS = {
  ended_with_work: mended(
    {
      what: 'Tasks that have ended although pictures of them still wait',
      cure: 'these pictures become cancelled; retry paints them',
    },
    { what: '任务已结束，但仍有图片在等待', cure: '这些图片记为已取消，重试即可绘制' },
  ),
  waiting_without_work: mended(
    {
      what: 'Tasks that wait or run although no picture of them is left to paint',
      cure: 'they get the status of their pictures',
    },
    { what: '任务在等待或运行，但已没有要画的图片', cure: '任务状态改为与其图片一致' },
  ),
  running_without_lease: mended(
    { what: 'Tasks that run although no process holds them', cure: 'they wait in the queue again' },
    { what: '任务显示运行中，但没有进程在处理', cure: '重新排队' },
  ),
  status_disagrees: mended(
    { what: 'Tasks whose status contradicts their pictures', cure: 'they get the status of their pictures' },
    { what: '任务状态与其图片不符', cure: '任务状态改为与其图片一致' },
  ),
  ended_without_time: mended(
    {
      what: 'Tasks that have ended, and do not say when',
      cure: 'they have ended with the last of their pictures',
    },
    { what: '任务已结束，但没有结束时间', cure: '以其最后一张图片的时间为结束时间' },
  ),
  plan_unreadable: mended(
    {
      what: 'Tasks whose stored recipe cannot be read',
      cure: 'it is restored from their pictures where these contain it, and the stored text is kept; the others stay, and a recipe of a later version is not touched',
    },
    {
      what: '任务存储的配方无法读取',
      cure: '图片中有配方的由图片恢复，原文保留；其余不变，也不改动新版本写入的配方',
    },
  ),
  seed_unreadable: mended(
    {
      what: 'Pictures whose stored seed is no seed',
      cure: 'they get the seed that their file or recipe names, or else 0, as it is shown already',
    },
    {
      what: '图片存储的种子不是有效的种子',
      cure: '改为其文件或配方中的种子；若都没有则为 0，与现在的显示一致',
    },
  ),
  totals_disagree: mended(
    { what: 'Tasks whose number of pictures or stars is wrong', cure: 'they are counted again' },
    { what: '任务的图片数或星标数不对', cure: '重新计数' },
  ),
  completed_without_output: mended(
    {
      what: 'Finished pictures without an entry for their file',
      cure: 'a file that is there is entered again; otherwise the picture fails, and retry paints it',
    },
    {
      what: '已完成的图片没有文件记录',
      cure: '若文件还在则重新登记，否则记为失败，重试即可重画',
    },
  ),
  output_without_frame: mended(
    { what: 'Files whose picture is missing in their task', cure: 'the picture is entered again' },
    { what: '文件所属的图片不在其任务中', cure: '重新登记该图片' },
  ),
  output_of_unfinished: mended(
    { what: 'Pictures that have a file and are not finished', cure: 'they become finished' },
    { what: '图片已有文件，却未标为完成', cure: '标为已完成' },
  ),
  row_without_task: mended(
    {
      what: 'Entries of tasks that do not exist',
      cure: 'they are written to a file in set-aside; the files of these tasks are recovered as tasks',
    },
    { what: '所属任务不存在的记录', cure: '记录写入 set-aside 中的文件另行存放，任务的文件恢复为任务' },
  ),
  output_file_missing: mended(
    {
      what: 'Pictures whose file is missing or has another size',
      cure: 'a file that was set aside is moved back; the others stay: restore them from a backup',
    },
    {
      what: '图片文件缺失或大小不符',
      cure: '若文件曾被另行存放则移回，其余不变：请从备份恢复',
    },
  ),
  upload_file_missing: mended(
    {
      what: 'Uploads whose file is missing or has another size',
      cure: 'a file that was set aside is moved back; the others stay: restore them from a backup',
    },
    {
      what: '上传文件缺失或大小不符',
      cure: '若文件曾被另行存放则移回，其余不变：请从备份恢复',
    },
  ),
  lora_missing: mended(
    {
      what: 'Trained styles whose LoRA file is missing',
      cure: 'a file that was set aside is moved back; the others stay: restore them from a backup, or train again',
    },
    {
      what: '训练好的风格缺少 LoRA 文件',
      cure: '若文件曾被另行存放则移回，其余不变：请从备份恢复，或重新训练',
    },
  ),
  preset_picture_missing: named(
    {
      what: 'Presets that name a picture which is gone',
      cure: 'they stay: choose another picture and save them',
    },
    { what: '预设引用的图片已不在', cure: '保持不变：请另选图片后再保存' },
  ),
  recipe_picture_missing: named(
    {
      what: 'Tasks made from a picture which is gone',
      cure: 'they stay; their recipes cannot be run again without that picture',
    },
    { what: '任务所用的图片已不在', cure: '保持不变；缺少该图片就无法再次运行其配方' },
  ),
  file_without_row: mended(
    {
      what: 'Files that the database does not know',
      cure: 'they are set aside, then recovered where their names and contents allow it',
    },
    { what: '数据库中没有记录的文件', cure: '另行存放，能从文件名和内容辨认的再找回' },
  ),
} as const satisfies Record<string, FindingEntry>;

export type FindingKind = keyof typeof FINDINGS;
export const FINDING_KINDS = Object.keys(FINDINGS) as [FindingKind, ...FindingKind[]];

/** Of one kind, so many are named. */
export const MAX_NAMED_FINDINGS = 50;

export const Finding = z.object({
  kind: z.enum(FINDING_KINDS),
  count: z.number().int(),
  /** Of these, so many were mended; in a dry run, would be. */
  mended: z.number().int(),
  /** The first of them: ids of tasks and pictures, names of styles and presets, or places in the data folder. */
  names: z.array(z.string()),
});
export type Finding = z.infer<typeof Finding>;

/** A source that was deleted on purpose is no fault, so it alone needs no attention. */
export const needsAttention = ({ kind }: Pick<Finding, 'kind'>): boolean => kind !== 'recipe_picture_missing';
