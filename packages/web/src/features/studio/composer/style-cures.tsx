/** What no server has for the style pictures of the form, with the cure of each. */
import { emptyRecipe, type FamilyOffer, type Missing } from '@limner/contract';
import { useEffect, useState } from 'react';
import { api } from '../../../api/api.ts';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { useDraft } from '../../../state/draft/draft.ts';
import styles from './style-pictures.module.css';

export function StyleCures({ family }: { family: FamilyOffer }) {
  const missing = useMissing(family);
  if (missing.length === 0) return null;
  return (
    <ul className={styles.cures} role="status">
      {missing.map(({ name, cure, command }) => (
        <li key={name}>
          {cure[spokenLanguage()]}
          {command && <code>{command}</code>}
        </li>
      ))}
    </ul>
  );
}

/** Asked again when the way or the model changes; the pictures themselves do not matter. */
function useMissing({ id, kind, types }: FamilyOffer): Missing[] {
  const mode = useDraft((state) => state.params[id]?.style_mode);
  const file = useDraft((state) => state.params[id]?.model);
  const [missing, setMissing] = useState<Missing[]>([]);
  const type = kind === 'generation' ? (types[0] ?? null) : null;
  useEffect(() => {
    let isLatest = true;
    const recipe = {
      ...emptyRecipe(kind),
      ...{ type, family: id, input_image: 'input', mask_image: 'mask' },
      references: kind === 'edit' ? ['reference'] : [],
      style_images: [{ image: 'style', strength: null }],
      params: {
        ...(mode === undefined ? {} : { style_mode: String(mode) }),
        ...(file === undefined ? {} : { model: String(file) }),
      },
    };
    // Without an answer nothing is said; sending the form asks again.
    void api
      .call('missingForRecipe', { body: { recipe } })
      .catch(() => [])
      .then((found) => isLatest && setMissing(found.filter(({ what }) => what !== 'server')));
    return () => {
      isLatest = false;
    };
  }, [id, kind, type, mode, file]);
  return missing;
}
