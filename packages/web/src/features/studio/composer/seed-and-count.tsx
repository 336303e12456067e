import { MAX_BATCH, MAX_DRAWN_SEED, type Seed } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { grouped } from '../../../i18n/format.ts';
import { compose, useDraft } from '../../../state/draft/draft.ts';
import { Field } from '../../../ui/field.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import styles from './seed-and-count.module.css';
import { WholeNumber } from './whole-number.tsx';

export function SeedAndCount() {
  return (
    <div className={styles.row}>
      <SeedField />
      <CountField />
    </div>
  );
}

/** Empty is random each time; the dice draws a seed now, the lock keeps or lets go of it. */
function SeedField() {
  const { t } = useTranslation();
  const seed = useDraft((state) => state.seed);
  const locked = seed !== null;
  return (
    <Field label={t('composer.seed')}>
      {(id) => (
        <div className={styles.seed}>
          <WholeNumber<Seed>
            id={id}
            className={styles.number}
            min={0}
            max={MAX_DRAWN_SEED}
            value={seed}
            placeholder={t('composer.seedRandom')}
            formatter={(value) =>
              value === undefined || value === null || value === ('' as never) ? '' : grouped(value)
            }
            parser={(text) => Number((text ?? '').replace(/\D/g, ''))}
            onChange={(value) => compose({ seed: value === null ? null : Number(value) })}
          />
          <IconButton
            icon={locked ? 'lock' : 'unlock'}
            label={t(locked ? 'composer.seedUnlock' : 'composer.seedLock')}
            pressed={locked}
            onClick={() => compose({ seed: locked ? null : drawSeed() })}
          />
          <IconButton
            icon="dice"
            label={t('composer.seedDice')}
            onClick={() => compose({ seed: drawSeed() })}
          />
        </div>
      )}
    </Field>
  );
}

const drawSeed = (): number => Math.floor(Math.random() * (MAX_DRAWN_SEED + 1));

function CountField() {
  const { t } = useTranslation();
  const count = useDraft((state) => state.count);
  const set = (value: number) => compose({ count: Math.min(MAX_BATCH, Math.max(1, Math.round(value))) });
  return (
    <Field label={t('composer.count')}>
      {(id) => (
        <div className={styles.count}>
          <IconButton
            icon="minus"
            label={t('composer.fewer')}
            disabled={count <= 1}
            onClick={() => set(count - 1)}
          />
          <WholeNumber
            id={id}
            className={styles.counted}
            min={1}
            max={MAX_BATCH}
            value={count}
            onChange={(value) => value !== null && set(Number(value))}
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
