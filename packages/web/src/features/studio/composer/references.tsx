/** The references of an edit, in order. The page handles drop and paste. */
import { type FamilyOffer, MAX_REFERENCES } from '@limner/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PickGalleryButton } from '../../../parts/gallery/pick-gallery-button.tsx';
import { addReferences, compose, useDraft } from '../../../state/draft/draft.ts';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { pickFiles } from '../../../ui/pick-file.ts';
import { Thumb } from '../../../ui/pictures/thumb.tsx';
import { useTouch } from '../../../ui/use-media.ts';
import { ParamControl } from './param-control.tsx';
import frame from './picture-frame.module.css';
import styles from './references.module.css';
import { takeReferences } from './take-input-file.ts';

export function References({ family }: { family: FamilyOffer | null }) {
  const { t } = useTranslation();
  const references = useDraft((state) => state.references);
  const most = family?.references ?? MAX_REFERENCES;
  const mode = family?.params.find(({ key }) => key === 'reference_mode');
  return (
    <div className={styles.references}>
      <ul className={styles.pictures} aria-label={t('composer.references')}>
        {references.map((picture, index) => (
          <li key={picture.ref} className={`${frame.picture} ${styles.picture}`} data-over={index >= most}>
            <Thumb url={picture.url} alt={t('composer.reference', { n: index + 1 })} width={160} />
            <span className={`${frame.caption} ${styles.number}`} aria-hidden="true">
              {index + 1}
            </span>
            <span className={frame.tools}>
              <IconButton
                icon="close"
                label={t('composer.referenceRemove', { n: index + 1 })}
                onClick={() => compose({ references: references.filter((held) => held !== picture) })}
              />
            </span>
          </li>
        ))}
        {references.length < most && (
          <li className={styles.place} data-alone={references.length === 0}>
            <Add first={references.length === 0} />
          </li>
        )}
      </ul>
      {references.length < most && (
        <PickGalleryButton most={most - references.length} onPick={(pictures) => addReferences(pictures)} />
      )}
      {references.length > 1 && <p className={styles.hint}>{t('composer.referencesHint')}</p>}
      {family && mode && references.length > 1 && <ParamControl family={family.id} param={mode} />}
    </div>
  );
}

function Add({ first }: { first: boolean }) {
  const { t } = useTranslation();
  const touch = useTouch();
  const [busy, setBusy] = useState(false);
  const choose = async () => {
    const files = await pickFiles(true);
    if (files.length === 0) return;
    setBusy(true);
    await takeReferences(files);
    setBusy(false);
  };
  const words = first ? t('composer.referenceDrop', touch) : t('composer.referenceAdd');
  return (
    <button
      type="button"
      className={`${frame.place} ${frame.ask} ${styles.add}`}
      disabled={busy}
      onClick={() => void choose()}
    >
      <Icon name={first ? 'image' : 'plus'} size={first ? 22 : 18} />
      <span>{busy ? t('composer.uploading') : words}</span>
    </button>
  );
}
