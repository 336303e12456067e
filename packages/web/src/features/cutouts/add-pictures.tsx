import { Button, Input } from 'antd';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pickFromGallery } from '../../state/gallery.ts';
import { useTasks } from '../../state/tasks.ts';
import { isWebAddress } from '../../ui/dropzone.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useTouch } from '../../ui/use-media.ts';
import styles from './add-pictures.module.css';
import { takePictures, takeUrl } from './session.ts';

const MOST_AT_ONCE = 50;

/** Adds pictures: dropped, pasted, from files, by a link, or from history. */
export function AddPictures({ onChoose }: { onChoose: () => void }) {
  const { t } = useTranslation();
  const touch = useTouch();
  const [hasLink, setHasLink] = useState(false);
  const pick = async () => {
    const { entries } = useTasks.getState();
    takePictures(
      await pickFromGallery(MOST_AT_ONCE),
      ({ task }) => entries[task]?.item.prompt || t('detail.sourceTask', { id: task }),
    );
  };
  return (
    <div className={styles.sources}>
      <button type="button" className={styles.drop} onClick={onChoose}>
        <Icon name="image" size={22} />
        <b>{t('cutouts.drop', touch)}</b>
        {!touch.context && (
          <span>
            {t('cutouts.dropHint')} <em>{t('cutouts.choose')}</em>
          </span>
        )}
      </button>
      <div className={styles.others}>
        <button type="button" aria-expanded={hasLink} onClick={() => setHasLink(!hasLink)}>
          {t('cutouts.link')}
        </button>
        <button type="button" onClick={() => void pick()}>
          {t('gallery.pick')}
        </button>
      </div>
      {hasLink && <Link onDone={() => setHasLink(false)} />}
    </div>
  );
}

function Link({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const [address, setAddress] = useState('');
  const [isBad, setBad] = useState(false);
  const problemId = useId();
  const fetchIt = (event: FormEvent) => {
    event.preventDefault();
    if (!isWebAddress(address)) return setBad(true);
    takeUrl(address.trim());
    onDone();
  };
  return (
    <form className={styles.link} onSubmit={fetchIt}>
      <Input
        autoFocus
        type="url"
        aria-label={t('cutouts.link')}
        placeholder={t('cutouts.linkPlaceholder')}
        value={address}
        aria-invalid={isBad}
        aria-describedby={isBad ? problemId : undefined}
        status={isBad ? 'error' : ''}
        onChange={(event) => {
          setAddress(event.target.value);
          setBad(false);
        }}
      />
      <Button htmlType="submit" disabled={address.trim() === ''}>
        {t('cutouts.linkFetch')}
      </Button>
      {isBad && (
        <p id={problemId} role="alert">
          {t('cutouts.linkBad')}
        </p>
      )}
    </form>
  );
}
