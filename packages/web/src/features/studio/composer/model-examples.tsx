import type { FamilyOffer } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { compose } from '../../../state/draft/draft.ts';
import styles from './model-examples.module.css';

/** Prompts that a workflow offers to begin with. Choosing one writes it into the form. */
export function ModelExamples({ examples }: { examples: NonNullable<FamilyOffer['examples']> }) {
  const { t } = useTranslation();
  return (
    <ul className={styles.examples} aria-label={t('composer.examples')}>
      {examples.map(({ prompt, negative_prompt, thumbnail_url }, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: examples have no ids and are not moved here
        <li key={n}>
          <button
            type="button"
            title={prompt}
            aria-label={t('composer.useExample', { prompt })}
            onClick={() =>
              compose({ prompt, ...(negative_prompt === null ? {} : { negative: negative_prompt }) })
            }
          >
            {thumbnail_url && <img src={thumbnail_url} alt="" loading="lazy" />}
            <span>{prompt}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
