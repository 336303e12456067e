/** In a query over uploads: true if no data set, no version of one and none in the bin has the upload. */
import { type Expression, expressionBuilder, type SqlBool, sql } from 'kysely';
import type { Schema } from '../../db/schema.ts';

const TABLES = ['dataset_pictures', 'dataset_version_pictures', 'bin_uploads'] as const;

export function isInNoDataset(): Expression<SqlBool> {
  const eb = expressionBuilder<Schema, never>();
  return eb.and(
    TABLES.map((table) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom(table as 'dataset_pictures')
            .select('upload_id')
            .where('upload_id', '=', sql.ref<string>('uploads.id')),
        ),
      ),
    ),
  );
}
