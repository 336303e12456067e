import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useWildcards } from '../../../../state/wildcards.ts';
import type { Completion } from './use-completion.ts';
import styles from './wildcards.module.css';

/** Below the field that has the focus; the field names the active option. */
export function CompletionList({ completion }: { completion: Completion | null }) {
  const { t } = useTranslation();
  const count = completion?.names.length ?? 0;
  return (
    <>
      {completion && <Options {...completion} />}
      <span className="visually-hidden" role="status">
        {completion && t('wildcards.offered', { count })}
      </span>
    </>
  );
}

function Options({ listId, names, active, accept }: Completion) {
  const { t } = useTranslation();
  const wildcards = useWildcards((state) => state.wildcards);
  const shown = useRef<HTMLDivElement>(null);
  const name = names[active];
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the active option
  useEffect(() => {
    // Browsers may return a promise, which is no cleanup of an effect.
    void shown.current?.scrollIntoView?.({ block: 'nearest' });
  }, [name]);
  return (
    <div id={listId} className={styles.options} role="listbox" aria-label={t('wildcards.title')}>
      {names.map((each, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the field has the focus and the keys
        <div
          key={each}
          ref={index === active ? shown : undefined}
          id={`${listId}-${index}`}
          role="option"
          aria-selected={index === active}
          // The field keeps its focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => accept(each)}
        >
          <code>{each}</code>
          <span>
            {t('wildcards.entries', { count: wildcards?.find((one) => one.name === each)?.entries ?? 0 })}
          </span>
        </div>
      ))}
    </div>
  );
}
