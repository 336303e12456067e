import { MAX_DRAWN_SEED } from '@limner/contract';
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { grouped } from '../../../i18n/format.ts';
import { compose, useDraft } from '../../../state/draft/draft.ts';
import { familyFor } from '../../../state/draft/draft-rules.ts';
import { readSeed } from '../../../state/draft/seed-text.ts';
import { useStudio } from '../../../state/studio.ts';
import { Field } from '../../../ui/field.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import styles from './seed-and-count.module.css';

/**
 * Empty is random each time; the dice draws a seed now, the lock keeps or releases it. Invalid input stays with its
 * reason.
 */
export function SeedField() {
  const { t } = useTranslation();
  const seed = useDraft((state) => state.seed);
  const refused = useDraft((state) => state.seedText);
  const max = useGreatestSeed();
  const [typed, setTyped] = useState<string | null>(null);
  const locked = seed !== null || refused !== null;
  const set = (text: string) => {
    const read = readSeed(text, max);
    compose({ seed: read.seed, seedText: read.problem === null ? null : text });
  };
  const problem = refused === null ? null : readSeed(refused, max).problem;
  return (
    <Field
      label={t('composer.seed')}
      problem={
        problem &&
        t(problem === 'range' ? 'composer.seedTooGreat' : 'composer.seedNoNumber', { max: grouped(max) })
      }
    >
      {(control) => (
        <div className={styles.seed} data-refused={refused !== null}>
          <Input
            {...control}
            className={styles.number}
            variant="borderless"
            inputMode="numeric"
            autoComplete="off"
            value={typed ?? refused ?? (seed === null ? '' : grouped(seed))}
            placeholder={t('composer.seedRandom')}
            status={refused === null ? undefined : 'error'}
            onChange={(event) => {
              setTyped(event.target.value);
              set(event.target.value);
            }}
            // Digits are grouped on blur, so that the cursor does not move.
            onBlur={() => setTyped(null)}
          />
          <IconButton
            icon={locked ? 'lock' : 'unlock'}
            label={t(locked ? 'composer.seedUnlock' : 'composer.seedLock')}
            pressed={locked}
            onClick={() => compose({ seed: locked ? null : drawSeed(), seedText: null })}
          />
          <IconButton
            icon="dice"
            label={t('composer.seedDice')}
            onClick={() => compose({ seed: drawSeed(), seedText: null })}
          />
        </div>
      )}
    </Field>
  );
}

const drawSeed = (): number => Math.floor(Math.random() * (MAX_DRAWN_SEED + 1));

function useGreatestSeed() {
  const families = useStudio((state) => state.families);
  return useDraft((draft) => familyFor(families, draft)?.max_seed) ?? MAX_DRAWN_SEED;
}
