/** Writes TOML of the few forms that data-set files of trainers have. */
export type TomlValue = string | number | boolean;

export interface TomlTable {
  /** `general`, or `[datasets]` for one more element of a list of tables. */
  header: string;
  values: Readonly<Record<string, TomlValue>>;
}

export const tomlOf = (tables: readonly TomlTable[]): string =>
  tables
    .map(({ header, values }) => {
      const lines = Object.entries(values).map(([key, value]) => `${key} = ${literal(value)}`);
      return [`[${header}]`, ...lines, ''].join('\n');
    })
    .join('\n');

/** The escapes of JSON are escapes of TOML; TOML also forbids DEL. */
const literal = (value: TomlValue): string => JSON.stringify(value).replaceAll('\u007f', '\\u007F');
