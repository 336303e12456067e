import { MAX_BATCH } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { NumberInput } from '../../../parts/number/number-input.tsx';
import { compose, useDraft } from '../../../state/draft/draft.ts';
import { useRefusedNumbers } from '../../../state/draft/refused-numbers.ts';
import { Field } from '../../../ui/field.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import styles from './seed-and-count.module.css';
import { SeedField } from './seed-field.tsx';

export function SeedAndCount() {
  const isVideo = useDraft(({ mode }) => mode === 'video');
  return (
    <div className={styles.row}>
      <SeedField />
      {!isVideo && <CountField />}
    </div>
  );
}

function CountField() {
  const { t } = useTranslation();
  const count = useDraft((state) => state.count);
  const refused = useRefusedNumbers((texts) => texts.count !== undefined);
  const set = (value: number) => compose({ count: value });
  const sentence = t('composer.countRange', { max: MAX_BATCH });
  return (
    <Field label={t('composer.count')} problem={refused ? sentence : null}>
      {(control) => (
        <div className={styles.count}>
          <IconButton
            icon="minus"
            label={t('composer.fewer')}
            disabled={count <= 1}
            onClick={() => set(count - 1)}
          />
          <NumberInput
            {...control}
            name="count"
            className={styles.counted}
            variant="borderless"
            range={{ min: 1, max: MAX_BATCH, step: 1 }}
            value={count}
            onValue={set}
          />
          <IconButton
            icon="plus"
            label={t('composer.more')}
            disabled={count >= MAX_BATCH}
            onClick={() => set(count + 1)}
          />
        </div>
      )}
    </Field>
  );
}
