import type { Frame, Task } from '@limner/contract';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { pictureKey, pictureNumber, picturesOf, refTo } from '../../state/frames.ts';
import { closeViewer, showPicture } from '../../state/shown-picture.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Thumb } from '../../ui/pictures/thumb.tsx';
import { type PictureAction, usePictureActions } from '../pictures/use-picture-actions.ts';
import styles from './viewer-foot.module.css';

/** After these actions the viewer closes, to show the form. */
const LEADS_TO_FORM: PictureAction['id'][] = ['useAsInput', 'edit', 'useAsControl', 'useAsStyle'];

/** Two tools with the same icon have a number. */
const FACTORS: Partial<Record<PictureAction['id'], string>> = {
  upscale2: '2',
  upscale4: '4',
};

const keySign = (key: string): string => (key === 'Backspace' ? '⌫' : key.toUpperCase());

export function runFromViewer(action: PictureAction): void {
  action.run();
  if (LEADS_TO_FORM.includes(action.id)) closeViewer();
}

/** The pictures of the batch, and the actions of the shown one. */
export function ViewerFoot({ task, frame }: { task: Task; frame: Frame }) {
  const { t } = useTranslation();
  const actions = usePictureActions(task, frame);
  return (
    <footer className={styles.foot}>
      {picturesOf(task).length > 1 && <Strip task={task} shown={pictureKey(frame)} />}
      <div className={styles.tools} role="toolbar" aria-label={t('tools.label')}>
        {actions.map((action) => (
          <IconButton
            key={action.id}
            icon={action.icon}
            label={action.key ? `${action.label} (${keySign(action.key)})` : action.label}
            aria-label={action.label}
            aria-keyshortcuts={action.key}
            className={styles.tool}
            data-factor={FACTORS[action.id]}
            onClick={() => runFromViewer(action)}
          />
        ))}
      </div>
    </footer>
  );
}

function Strip({ task, shown }: { task: Task; shown: string }) {
  const { t } = useTranslation();
  const strip = useRef<HTMLUListElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls to the shown one
  useEffect(() => {
    strip.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [shown]);
  return (
    <ul ref={strip} className={styles.strip} aria-label={t('detail.frames')}>
      {picturesOf(task).map(
        (frame) =>
          frame.output && (
            <li key={pictureKey(frame)}>
              <button
                type="button"
                aria-label={t('tile.choose', { n: pictureNumber(frame) })}
                aria-current={pictureKey(frame) === shown ? 'true' : undefined}
                onClick={() => showPicture(refTo(task, frame))}
              >
                <Thumb url={frame.output.url} alt="" width={56} />
              </button>
            </li>
          ),
      )}
    </ul>
  );
}
