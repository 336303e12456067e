/** What the program of a run wrote. Follows its end unless the user has scrolled up. */
import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './run-log.module.css';
import { useLog } from './use-log.ts';

/** Within so many pixels of its end it is followed. */
const NEAR_END = 24;

interface RunLogProps {
  url: string;
  live: boolean;
}

export function RunLog({ url, live }: RunLogProps) {
  const { t } = useTranslation();
  const log = useLog(url, live);
  const pane = useRef<HTMLElement>(null);
  const follows = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each change of the lines
  useLayoutEffect(() => {
    const element = pane.current;
    if (element && follows.current) element.scrollTop = element.scrollHeight;
  }, [log]);
  const scrolled = ({ scrollHeight, scrollTop, clientHeight }: HTMLElement) => {
    follows.current = scrollHeight - scrollTop - clientHeight < NEAR_END;
  };
  return (
    <>
      <h3>{t('training.log')}</h3>
      <section
        ref={pane}
        className={styles.log}
        aria-label={t('training.log')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        tabIndex={0}
        onScroll={({ currentTarget }) => scrolled(currentTarget)}
      >
        {log?.lines.join('\n')}
      </section>
      <p className={styles.foot}>
        {log?.isCut && <span>{t('training.logCut')}</span>}
        <a href={url} target="_blank" rel="noreferrer">
          {t('training.logWhole')}
        </a>
      </p>
    </>
  );
}
