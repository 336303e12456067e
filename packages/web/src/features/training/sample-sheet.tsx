/**
 * A run's picture is a sheet: one column a prompt, above without the style, below with it. Its cells are shown one by
 * one on the checkerboard, with their prompts.
 */
import { SAMPLE_PROMPTS } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../i18n/i18n.ts';
import styles from './sample-sheet.module.css';

const COLUMNS = SAMPLE_PROMPTS.length;

export function SampleSheet({ url, live }: { url: string; live: boolean }) {
  const { t } = useTranslation();
  const rows = [t('training.without'), live ? t('training.withSoFar') : t('training.with')];
  return (
    <div className={styles.sheet}>
      {rows.map((name, row) => (
        <section key={name} className={styles.row} aria-label={name}>
          <h4>{name}</h4>
          <div className={styles.cells}>
            {SAMPLE_PROMPTS.map((prompt, column) => (
              <figure key={prompt.en}>
                <SampleCell
                  url={url}
                  column={column}
                  row={row}
                  label={`${prompt[spokenLanguage()]}, ${name}`}
                />
                <figcaption>{prompt[spokenLanguage()]}</figcaption>
              </figure>
            ))}
          </div>
        </section>
      ))}
    </div>
  );
}

interface SampleCellProps {
  url: string;
  column: number;
  row: number;
  /** Absent if it is decoration. */
  label?: string;
}

export function SampleCell({ url, column, row, label }: SampleCellProps) {
  const sheet = {
    backgroundImage: `url("${url}")`,
    backgroundSize: `${100 * COLUMNS}% 200%`,
    backgroundPosition: `${(100 * column) / (COLUMNS - 1)}% ${100 * row}%`,
  };
  return (
    <span className={`${styles.cell} checkerboard`}>
      {label ? (
        <span role="img" aria-label={label} style={sheet} />
      ) : (
        <span aria-hidden="true" style={sheet} />
      )}
    </span>
  );
}
