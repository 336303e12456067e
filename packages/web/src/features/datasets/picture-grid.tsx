/** The pictures of a set with their captions. Enter goes to the next caption, Shift+Enter to the one before. */
import { type Dataset, type DatasetPicture, MAX_CAPTION_CHARS } from '@limner/contract';
import { type KeyboardEvent, memo, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api.ts';
import { notify } from '../../state/notices.ts';
import { attempt } from '../../state/task-actions.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Thumb } from '../../ui/pictures/thumb.tsx';
import styles from './dataset.module.css';

interface GridProps {
  set: Dataset;
  pictures: readonly DatasetPicture[];
  onChange: (set: Dataset) => void;
  onCrop: (picture: DatasetPicture) => void;
}

export function PictureGrid({ set, pictures, onChange, onCrop }: GridProps) {
  const { t } = useTranslation();
  if (pictures.length === 0) return null;
  return (
    <section aria-label={t('training.pictures')}>
      <p className={styles.quiet}>{t('datasets.keys')}</p>
      <ul className={styles.pictures} data-captions>
        {pictures.map((picture) => (
          <Card key={picture.id} id={set.id} picture={picture} onChange={onChange} onCrop={onCrop} />
        ))}
      </ul>
    </section>
  );
}

interface CardProps extends Omit<GridProps, 'set' | 'pictures'> {
  id: number;
  picture: DatasetPicture;
}

const Card = memo(function Card({ id, picture, onChange, onCrop }: CardProps) {
  const { t } = useTranslation();
  const { name, url, crop, width, height } = picture;
  const remove = () =>
    attempt(async () => {
      onChange(await api.call('removeDatasetPictures', { params: { id }, body: { pictures: [picture.id] } }));
      const text = t('datasets.removed', { name });
      const action = { label: t('common.undo'), run: () => void attempt(() => addAgain(id, picture)) };
      notify({ text, tone: 'news', action });
    });
  return (
    <li className={styles.card}>
      <span className={styles.picture}>
        <Thumb url={url} alt={name} width={180} fit="contain" plain />
        {crop && <span className={styles.badge}>{t('datasets.cropped')}</span>}
      </span>
      <Caption
        key={picture.caption}
        name={name}
        value={picture.caption}
        save={(caption) =>
          attempt(async () =>
            onChange(
              await api.call('changeDatasetPictures', {
                params: { id },
                body: { changes: [{ id: picture.id, caption }] },
              }),
            ),
          )
        }
      />
      <span className={styles.foot}>
        <span title={name}>
          {width} × {height}
        </span>
        <IconButton icon="expand" label={t('datasets.cropOf', { name })} onClick={() => onCrop(picture)} />
        <IconButton icon="close" label={t('training.remove', { name })} onClick={() => void remove()} />
      </span>
    </li>
  );
});

/** At the end of the set: its upload is still there. */
async function addAgain(id: number, { image, caption, crop }: DatasetPicture): Promise<void> {
  const { files } = await api.call('addDatasetPictures', {
    params: { id },
    body: { images: [{ image, caption }] },
  });
  const added = files[0]?.picture;
  if (crop && added)
    await api.call('changeDatasetPictures', { params: { id }, body: { changes: [{ id: added, crop }] } });
}

interface CaptionProps {
  name: string;
  value: string;
  save: (caption: string) => Promise<boolean>;
}

/** From here on, the length of a caption is told. */
const NEAR_LIMIT_CHARS = MAX_CAPTION_CHARS - 200;

/** Saved when it is left, unless it is too long. */
function Caption({ name, value, save }: CaptionProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const noteId = useId();
  const wanted = text.replace(/\s+/g, ' ').trim();
  const isOver = wanted.length > MAX_CAPTION_CHARS;
  const isTold = wanted.length > NEAR_LIMIT_CHARS;
  const words = { used: wanted.length, max: MAX_CAPTION_CHARS };
  const done = () => {
    if (wanted !== value && !isOver) void save(wanted);
  };
  const pressed = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // A Chinese input method confirms with Enter.
    if (event.nativeEvent.isComposing) return;
    const step = stepOf(event);
    if (event.key === 'Escape') setText(value);
    else if (step === 0) return;
    else neighbour(event.currentTarget, step)?.focus();
    event.preventDefault();
  };
  return (
    <>
      <textarea
        className={styles.caption}
        rows={3}
        value={text}
        placeholder={t('training.caption')}
        aria-label={t('training.captionOf', { name })}
        aria-invalid={isOver || undefined}
        aria-describedby={isTold ? noteId : undefined}
        onChange={(event) => setText(event.target.value)}
        onBlur={done}
        onKeyDown={pressed}
      />
      {isTold && (
        <p id={noteId} role={isOver ? 'alert' : undefined} className={isOver ? styles.refused : styles.quiet}>
          {t(isOver ? 'datasets.captionOver' : 'datasets.captionLeft', words)}
        </p>
      )}
    </>
  );
}

function stepOf({ key, shiftKey, ctrlKey, metaKey }: KeyboardEvent): number {
  if (key === 'Enter') return shiftKey ? -1 : 1;
  if (!ctrlKey && !metaKey) return 0;
  return { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[key] ?? 0;
}

function neighbour(here: HTMLTextAreaElement, step: number): HTMLTextAreaElement | undefined {
  const all = [...(here.closest('[data-captions]')?.querySelectorAll('textarea') ?? [])];
  return all[all.indexOf(here) + step];
}
