/** A multipart body as its text fields and the uploads that its files became. Fields may come before or after files. */
import type { MultipartFile } from '@fastify/multipart';
import { type Caller, StudioError, type Upload } from '@limner/contract';
import type { FastifyRequest } from 'fastify';
import type { Uploads } from '../../uploads/uploads.ts';
import { inField } from '../in-field.ts';
import { fileNameOf, isCutShort, isWithoutBoundary } from '../multipart.ts';
import { invalid } from '../parse.ts';

export interface Form {
  /** All values of each field, in order. */
  fields: ReadonlyMap<string, string[]>;
  pictures: { field: string; upload: Upload }[];
}

/** @param isPicture which file fields are read; files in others are dropped. */
export async function readForm(
  caller: Caller,
  request: FastifyRequest,
  uploads: Pick<Uploads, 'create'>,
  isPicture: (field: string) => boolean,
): Promise<Form> {
  const fields = new Map<string, string[]>();
  const pictures: Form['pictures'] = [];
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') addField(fields, part);
      else if (!isPicture(part.fieldname)) part.file.resume();
      else pictures.push({ field: part.fieldname, upload: await kept(caller, uploads, part) });
    }
  } catch (error) {
    if (isWithoutBoundary(error))
      throw new StudioError('unsupported_body', { data: { expected: 'multipart/form-data' }, cause: error });
    if (isCutShort(error)) throw new StudioError('file_broken', { cause: error });
    throw error;
  }
  return { fields, pictures };
}

async function kept(caller: Caller, uploads: Pick<Uploads, 'create'>, part: MultipartFile): Promise<Upload> {
  try {
    return await uploads.create(caller, part.file, fileNameOf(part));
  } catch (error) {
    throw inField(error, part.fieldname);
  }
}

function addField(
  fields: Map<string, string[]>,
  part: { fieldname: string; value: unknown; valueTruncated?: boolean },
): void {
  if (part.valueTruncated) throw invalid(part.fieldname, TOO_LONG);
  // The parser has read a field whose type is JSON.
  const text = typeof part.value === 'string' ? part.value : JSON.stringify(part.value);
  fields.set(part.fieldname, [...(fields.get(part.fieldname) ?? []), text]);
}

const TOO_LONG = { en: 'is too long', zh: '过长' };

/** One value per field, the last; as a schema reads them. */
export const singleFields = ({ fields }: Form): Record<string, string> =>
  Object.fromEntries([...fields].map(([name, values]) => [name, values.at(-1) as string]));

/** The same for the same fields and files; the bytes of a form differ from one sending to the next. */
export const contentOf = ({ fields, pictures }: Form): string[] => [
  JSON.stringify([...fields]),
  ...pictures.map(({ field, upload }) => `${field}:${upload.sha256}`),
];
