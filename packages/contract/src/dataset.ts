/**
 * A *data set* is pictures with captions from which styles are trained. A *version* of it is the list of pictures, captions and
 * crops that a run has learnt from; it does not change, and a run names it. *Work* on a set (an archive that is read, captions
 * that a model writes) goes on after its request was answered, and can be followed and stopped.
 */
import { z } from 'zod';
import { CaptionEdit } from './caption-edits.ts';
import { Crop, Ground } from './crop.ts';
import { fromDigits } from './digits.ts';
import { ErrorBody } from './error.ts';
import { Bilingual } from './family.ts';
import { MAX_CAPTION_CHARS, MAX_TRAINING_IMAGES } from './limits.ts';
import { MAX_CHOSEN } from './output.ts';
import { ImageRef } from './recipe.ts';
import { TriggerWords } from './style.ts';
import { TaskId } from './task.ts';

export const DatasetId = z.number().int().positive();
export const DatasetPictureId = z.number().int().positive();

export const DatasetName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .refine((name) => !/[\p{Cc}\p{Bidi_Control}]/u.test(name), {
    params: { reason: { en: 'must not contain control characters', zh: '不能包含控制字符' } },
  });

export const DatasetCreate = z.strictObject({ name: DatasetName, trigger_words: TriggerWords.default('') });
export type DatasetCreate = z.infer<typeof DatasetCreate>;

/** `GET /api/datasets/{id}/zip`. `false`: captions as they are; otherwise they begin with the trigger words, as in a training. */
export const DatasetZipQuery = z.object({ trigger_words: z.enum(['true', 'false']).optional() });

export const DatasetUpdate = z
  .strictObject({
    name: DatasetName,
    trigger_words: TriggerWords,
    /** Below transparent parts; null: pictures keep them. */
    ground: Ground.nullable(),
  })
  .partial();
export type DatasetUpdate = z.infer<typeof DatasetUpdate>;

export const DatasetPicture = z.object({
  id: DatasetPictureId,
  /** Its upload. */
  image: z.string(),
  url: z.string(),
  /** The user's file name, or the prompt of a picture from the history. */
  name: z.string(),
  caption: z.string(),
  crop: Crop.nullable(),
  width: z.number().int(),
  height: z.number().int(),
  /** It has transparent parts. */
  transparent: z.boolean(),
});
export type DatasetPicture = z.infer<typeof DatasetPicture>;

export const DatasetListItem = z.object({
  id: DatasetId,
  name: z.string(),
  trigger_words: z.string(),
  ground: z.string().nullable(),
  /** Number of its pictures, and of those with a caption. */
  pictures: z.number().int(),
  captioned: z.number().int(),
  /** Addresses of the first pictures. */
  covers: z.array(z.string()),
  /** The unfinished run that learns from it; it cannot be deleted meanwhile. */
  used_by: TaskId.nullable(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export type DatasetListItem = z.infer<typeof DatasetListItem>;

export const DatasetVersion = z.object({
  number: z.number().int(),
  pictures: z.number().int(),
  /** Runs that learnt from it and still exist, oldest first. */
  runs: z.array(TaskId),
  created_at: z.iso.datetime(),
});
export type DatasetVersion = z.infer<typeof DatasetVersion>;

/** What became of one file. */
export const ImportedFile = z.object({
  name: z.string(),
  /**
   * `added`: a new picture; `known`: the set has this picture already; `captioned`: a text that is now a picture's caption;
   * `left_out`: neither picture nor text, such as what a system adds to archives, or an empty text; `refused`: see its error.
   */
  outcome: z.enum(['added', 'known', 'captioned', 'left_out', 'refused']),
  picture: DatasetPictureId.nullable(),
  error: ErrorBody.nullable(),
});
export type ImportedFile = z.infer<typeof ImportedFile>;

export const DatasetWork = z.object({
  /** null: it was done within the request. */
  id: z.number().int().positive().nullable(),
  dataset: DatasetId,
  kind: z.enum(['import', 'captions']),
  /** `interrupted`: the server ended; doing it again adds what is missing. */
  status: z.enum(['running', 'done', 'cancelled', 'failed', 'interrupted']),
  done: z.number().int(),
  total: z.number().int(),
  files: z.array(ImportedFile),
  /** Why it failed. */
  error: ErrorBody.nullable(),
});
export type DatasetWork = z.infer<typeof DatasetWork>;

export const Dataset = DatasetListItem.extend({
  /** In their order. */
  items: z.array(DatasetPicture),
  /** Newest first. */
  versions: z.array(DatasetVersion),
  /** Unfinished work on it. */
  work: z.array(DatasetWork),
});
export type Dataset = z.infer<typeof Dataset>;

/** Stored pictures: uploads by id, and outputs, which are copied. */
export const AddPictures = z.strictObject({
  images: z
    .array(z.strictObject({ image: ImageRef, caption: z.string().trim().max(MAX_CAPTION_CHARS).optional() }))
    .max(MAX_TRAINING_IMAGES)
    .default([]),
  /** All pictures of these tasks. */
  tasks: z.array(TaskId).max(MAX_CHOSEN).default([]),
});
export type AddPictures = z.infer<typeof AddPictures>;

/** The name of a folder in `datasets` of the data folder, as `GET /api/dataset-folders` lists it. */
export const AddFolder = z.strictObject({ folder: z.string().min(1).max(300) });

export const DatasetFolder = z.object({
  name: z.string(),
  pictures: z.number().int(),
});
export type DatasetFolder = z.infer<typeof DatasetFolder>;

export const PictureChanges = z.strictObject({
  changes: z
    .array(
      z.strictObject({
        id: DatasetPictureId,
        caption: z.string().trim().max(MAX_CAPTION_CHARS).optional(),
        crop: Crop.nullable().optional(),
      }),
    )
    .min(1)
    .max(MAX_TRAINING_IMAGES),
});
export type PictureChanges = z.infer<typeof PictureChanges>;

export const ChosenDatasetPictures = z.strictObject({
  pictures: z.array(DatasetPictureId).min(1).max(MAX_TRAINING_IMAGES),
});

export const EditCaptions = z.strictObject({
  edit: CaptionEdit,
  /** Absent: all. */
  pictures: z.array(DatasetPictureId).max(MAX_TRAINING_IMAGES).optional(),
  /** Changes nothing, and answers what it would change. */
  preview: z.boolean().default(false),
});
export type EditCaptions = z.infer<typeof EditCaptions>;

export const EditedCaptions = z.object({
  /** Places where the text was found; for other edits the number of captions that change. */
  hits: z.number().int(),
  changed: z.array(z.object({ id: DatasetPictureId, caption: z.string(), before: z.string() })),
});
export type EditedCaptions = z.infer<typeof EditedCaptions>;

export const CheckQuery = z.object({
  resolution: fromDigits(z.number().int().min(64).max(2048)).default(1024),
});

export const DatasetFinding = z.object({
  kind: z.enum([
    'too_few',
    'too_many',
    'small',
    'enlarged',
    'extreme_ratio',
    'near_duplicates',
    'no_caption',
    'same_captions',
    'no_trigger',
    'trigger_missing',
    'transparent',
  ]),
  /** `notice`: Limner sees to it, or it may be intended. */
  level: z.enum(['warning', 'notice']),
  sentence: Bilingual,
  pictures: z.array(DatasetPictureId),
});
export type DatasetFinding = z.infer<typeof DatasetFinding>;

export const DatasetBucket = z.object({
  width: z.number().int(),
  height: z.number().int(),
  pictures: z.array(
    z.object({
      id: DatasetPictureId,
      /** Factor from picture to bucket. */
      scale: z.number(),
      /** Share of it that is cut off. */
      lost: z.number(),
    }),
  ),
});
export type DatasetBucket = z.infer<typeof DatasetBucket>;

export const DatasetCheck = z.object({
  resolution: z.number().int(),
  findings: z.array(DatasetFinding),
  /** Those that have pictures, from narrow to wide. */
  buckets: z.array(DatasetBucket),
});
export type DatasetCheck = z.infer<typeof DatasetCheck>;

/** The model that writes captions; null: none is configured. */
export const Captioner = z.object({ model: z.string().nullable() });
export type Captioner = z.infer<typeof Captioner>;

export const WriteCaptions = z.strictObject({
  /** Absent: pictures without a caption. */
  pictures: z.array(DatasetPictureId).min(1).max(MAX_TRAINING_IMAGES).optional(),
});
export type WriteCaptions = z.infer<typeof WriteCaptions>;
