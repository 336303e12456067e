import { useTranslation } from 'react-i18next';
import { GROUNDS, groundStyle } from './grounds.ts';
import { useLook } from './look.ts';
import styles from './swatches.module.css';

/** Grounds to look at a cut-out on. */
export function Swatches() {
  const { t } = useTranslation();
  const ground = useLook((state) => state.ground);
  const own = ground.startsWith('#');
  return (
    <fieldset className={styles.swatches}>
      <legend>{t('cutouts.showOn')}</legend>
      <div>
        {GROUNDS.map((value) => (
          <button
            key={value}
            type="button"
            aria-label={t(`cutouts.${value}`)}
            aria-pressed={value === ground}
            style={groundStyle(value, 12)}
            onClick={() => useLook.setState({ ground: value })}
          />
        ))}
        <label className={styles.own} data-pressed={own}>
          <input
            type="color"
            aria-label={t('cutouts.ownColour')}
            value={own ? ground : '#808080'}
            onChange={(event) => useLook.setState({ ground: event.target.value as `#${string}` })}
          />
        </label>
      </div>
      <p>{t('cutouts.onlyLooking')}</p>
    </fieldset>
  );
}
