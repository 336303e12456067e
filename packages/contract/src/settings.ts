/** Settings of the studio that everybody shares. */
import { z } from 'zod';
import { templateProblem } from './file-name.ts';

export const FileNameTemplate = z.string().superRefine((template, context) => {
  const reason = templateProblem(template);
  if (reason) context.addIssue({ code: 'custom', message: reason.en, params: { reason } });
});

export const Settings = z.object({
  /** Names every saved picture, see `file-name.ts`. */
  file_name_template: z.string(),
  /** Applies if no template is set here: `FILE_NAME_TEMPLATE` of the server. */
  default_file_name_template: z.string(),
});
export type Settings = z.infer<typeof Settings>;

/** `PATCH /api/settings` */
export const SettingsUpdate = z.strictObject({
  /** null: the default. */
  file_name_template: FileNameTemplate.nullable().optional(),
});
export type SettingsUpdate = z.infer<typeof SettingsUpdate>;
