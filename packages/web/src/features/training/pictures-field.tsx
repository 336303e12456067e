import { type Trainer, UPLOAD_TYPES } from '@limner/contract';
import { Button, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { type GalleryPicture, pickFromGallery } from '../../state/gallery.ts';
import { useTasks } from '../../state/tasks.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { pickFiles } from '../../ui/pick-file.ts';
import { Thumb } from '../../ui/pictures/thumb.tsx';
import { useTouch } from '../../ui/use-media.ts';
import { countsOf, isOutside } from './draft-rules.ts';
import { PictureNotes } from './picture-notes.tsx';
import styles from './pictures-field.module.css';
import {
  addFiles,
  addKnown,
  changeDraft,
  changePicture,
  type DraftPicture,
  removePicture,
  useTrainingDraft,
} from './run-draft.ts';

/** The training pictures with optional captions. Files can be dropped anywhere on the page. */
export function PicturesField({ trainer, problem }: { trainer: Trainer; problem: string | null }) {
  const { t } = useTranslation();
  const touch = useTouch();
  const pictures = useTrainingDraft((draft) => draft.pictures);
  const { min, max } = trainer.images;
  const { ready, pending } = countsOf({ dataset: null, pictures });
  const isOff = pictures.length > 0 && pending === 0 && isOutside(ready, trainer.images);
  const choose = async () => addFiles(await pickFiles(true, `${UPLOAD_TYPES},.txt,.caption`));
  const pick = async () => addKnown(withPrompts(await pickFromGallery(max)));
  return (
    <section className={styles.field} aria-label={t('training.pictures')} data-refused={problem !== null}>
      <div className={styles.head}>
        <h3>{t('training.pictures')}</h3>
        <span data-off={isOff}>{t('training.count', { count: ready, min, max })}</span>
        {pending > 0 && <span>{t('training.pending', { count: pending })}</span>}
        <span className={styles.space} />
        {pictures.length > 0 && (
          <Button size="small" type="text" onClick={() => changeDraft({ pictures: [] })}>
            {t('training.clear')}
          </Button>
        )}
      </div>
      <div className={styles.drop}>
        <Icon name="image" size={22} />
        <b>{t('training.drop', { min, max, ...touch })}</b>
        <span>{t('training.dropHint')}</span>
        <div className={styles.sources}>
          <Button onClick={() => void choose()}>{t('training.choose')}</Button>
          <Button onClick={() => void pick()}>{t('gallery.pick')}</Button>
        </div>
      </div>
      {problem && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      <PictureNotes />
      <ul className={styles.pictures}>
        {pictures.map((picture) => (
          <Card key={picture.key} picture={picture} />
        ))}
      </ul>
    </section>
  );
}

/** The prompt of an output becomes its caption. */
function withPrompts(picked: GalleryPicture[]) {
  const { entries } = useTasks.getState();
  return picked.map(({ ref, url, task }) => {
    const prompt = entries[task]?.item.prompt ?? '';
    return { ref, url, name: prompt, caption: prompt };
  });
}

function Card({ picture }: { picture: DraftPicture }) {
  const { t } = useTranslation();
  const { key, ref, url, name, caption, problem } = picture;
  return (
    <li className={styles.card} data-failed={problem !== null}>
      <span className={styles.picture}>
        {ref ? (
          <Thumb url={url} alt={name} width={132} fit="contain" />
        ) : problem ? (
          <Icon name="warning" />
        ) : null}
        {!ref && !problem && <span className={styles.busy}>{t('training.uploadingOne')}</span>}
      </span>
      <IconButton
        icon="close"
        className={styles.remove}
        label={t('training.remove', { name })}
        onClick={() => removePicture(key)}
      />
      {problem ? (
        <span className={styles.reason} role="alert">
          <b>{name}</b> {problem}
        </span>
      ) : (
        <Input
          size="small"
          variant="filled"
          value={caption}
          maxLength={500}
          placeholder={t('training.caption')}
          aria-label={t('training.captionOf', { name })}
          onChange={(event) => changePicture(key, { caption: event.target.value })}
        />
      )}
    </li>
  );
}
