/** The pictures whose style is taken, each with its strength; for a model that takes none, which ones do. */
import { type FamilyOffer, MAX_STYLE_IMAGES } from '@limner/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { PickGalleryButton } from '../../../parts/gallery/pick-gallery-button.tsx';
import { SliderField } from '../../../parts/number/slider-field.tsx';
import { addStyleImages, compose, type StylePicture, useDraft } from '../../../state/draft/draft.ts';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { NoEffect } from '../../../ui/no-effect.tsx';
import { pickFiles } from '../../../ui/pick-file.ts';
import { Thumb } from '../../../ui/pictures/thumb.tsx';
import { Fold } from './fold.tsx';
import { ParamControl } from './param-control.tsx';
import frame from './picture-frame.module.css';
import { StyleCures } from './style-cures.tsx';
import { StyleElsewhere } from './style-elsewhere.tsx';
import styles from './style-pictures.module.css';
import { takeStyleImages } from './take-input-file.ts';

export function StylePictures({ family }: { family: FamilyOffer }) {
  const { t } = useTranslation();
  const pictures = useDraft((state) => state.styleImages);
  const most = family.style_images ?? 0;
  const inside =
    most === 0
      ? t('composer.styleIdle')
      : pictures.length > 0
        ? t('common.pictures', { count: pictures.length })
        : t('composer.styleHint');
  return (
    <Fold title={t('composer.stylePictures')} inside={inside}>
      {most === 0 ? <StyleElsewhere family={family} /> : <Pictures family={family} most={most} />}
    </Fold>
  );
}

function Pictures({ family, most }: { family: FamilyOffer; most: number }) {
  const { t } = useTranslation();
  const pictures = useDraft((state) => state.styleImages);
  const param = (key: string) => family.params.find((each) => each.key === key);
  const [mode, strength] = [param('style_mode'), param('style_strength')];
  const suggested = strength?.effect && typeof strength.default === 'number' ? strength.default : null;
  const room = Math.min(most, MAX_STYLE_IMAGES) - pictures.length;
  return (
    <>
      {pictures.length > 0 && (
        <ul className={styles.pictures} aria-label={t('composer.stylePictures')}>
          {pictures.map((each, index) => (
            <Row
              key={each.picture.ref}
              each={each}
              n={index + 1}
              suggested={suggested}
              over={index >= most}
            />
          ))}
        </ul>
      )}
      {room > 0 && (
        <div className={styles.add}>
          <Add />
          <PickGalleryButton most={room} onPick={(picked) => addStyleImages(picked)} />
        </div>
      )}
      {mode && pictures.length > 0 && <ParamControl family={family.id} param={mode} />}
      {strength && suggested === null && pictures.length > 0 && (
        <NoEffect label={t('composer.styleStrength')} reason={strength.reason?.[spokenLanguage()] ?? ''} />
      )}
      {pictures.length > 0 && <StyleCures family={family} />}
    </>
  );
}

const STRENGTH = { kind: 'decimal', min: 0, max: 1, step: 0.05 } as const;

interface RowProps {
  each: StylePicture;
  n: number;
  /** null: the model reads no strength. */
  suggested: number | null;
  over: boolean;
}

function Row({ each, n, suggested, over }: RowProps) {
  const { t } = useTranslation();
  const { picture, strength } = each;
  const change = (next: StylePicture[]) => compose({ styleImages: next });
  const held = () => useDraft.getState().styleImages;
  const setStrength = (value: number) =>
    change(
      held().map((one) =>
        one.picture.ref === picture.ref ? { ...one, strength: value === suggested ? null : value } : one,
      ),
    );
  return (
    <li className={styles.row} data-over={over}>
      <span className={`${frame.picture} ${styles.picture}`}>
        <Thumb url={picture.url} alt={t('composer.stylePicture', { n })} width={96} />
      </span>
      {suggested === null ? (
        <span className={styles.name}>{t('composer.stylePicture', { n })}</span>
      ) : (
        <SliderField
          name={`styleImages.${picture.ref}`}
          label={t('composer.styleStrengthOf', { n })}
          range={STRENGTH}
          value={strength ?? suggested}
          onValue={setStrength}
        />
      )}
      <IconButton
        icon="close"
        label={t('composer.stylePictureRemove', { n })}
        onClick={() => change(held().filter((one) => one.picture.ref !== picture.ref))}
      />
    </li>
  );
}

function Add() {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const choose = async () => {
    const files = await pickFiles(true);
    if (files.length === 0) return;
    setBusy(true);
    await takeStyleImages(files);
    setBusy(false);
  };
  return (
    <button
      type="button"
      className={`${frame.place} ${frame.ask} ${styles.choose}`}
      disabled={busy}
      onClick={() => void choose()}
    >
      <Icon name="plus" size={18} />
      <span>{busy ? t('composer.uploading') : t('composer.stylePictureAdd')}</span>
    </button>
  );
}
