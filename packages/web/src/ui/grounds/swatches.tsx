import { useTranslation } from 'react-i18next';
import { GROUNDS, groundStyle } from './grounds.ts';
import styles from './swatches.module.css';
import { useGround } from './use-ground.ts';

/** Backgrounds for transparent pictures. `bare`: a row of small ones for a bar. */
export function Swatches({ bare = false }: { bare?: boolean }) {
  const { t } = useTranslation();
  const ground = useGround((state) => state.ground);
  const own = ground.startsWith('#');
  return (
    <fieldset className={styles.swatches} data-bare={bare}>
      <legend className={bare ? 'visually-hidden' : undefined}>{t('cutouts.showOn')}</legend>
      <div>
        {GROUNDS.map((value) => (
          <button
            key={value}
            type="button"
            aria-label={t(`cutouts.${value}`)}
            title={t(`cutouts.${value}`)}
            aria-pressed={value === ground}
            style={groundStyle(value, 12)}
            onClick={() => useGround.setState({ ground: value })}
          />
        ))}
        <label className={styles.own} data-pressed={own} title={t('cutouts.ownColour')}>
          <input
            type="color"
            aria-label={t('cutouts.ownColour')}
            value={own ? ground : '#808080'}
            onChange={(event) => useGround.setState({ ground: event.target.value as `#${string}` })}
          />
        </label>
      </div>
      {!bare && <p>{t('cutouts.onlyLooking')}</p>}
    </fieldset>
  );
}
