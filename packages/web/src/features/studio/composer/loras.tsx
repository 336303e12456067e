/** LoRAs of a recipe or a preset, in the order in which they are applied. */
import type { FamilyOffer } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { compose, useDraft } from '../../../state/draft/draft.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import styles from './loras.module.css';

export function Loras({ family }: { family: FamilyOffer }) {
  const { t } = useTranslation();
  const loras = useDraft((state) => state.loras);
  if (loras.length === 0) return null;
  return (
    <section className={styles.loras} aria-label={t('composer.loras')}>
      <h3>{t('composer.loras')}</h3>
      <ul>
        {loras.map((lora, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same one may be applied twice
          <li key={at} data-idle={!family.loras}>
            <span title={lora.name}>{lora.name}</span>
            <output>{lora.weight.toFixed(2)}</output>
            <IconButton
              icon="close"
              label={t('composer.loraRemove', { name: lora.name })}
              onClick={() => compose({ loras: loras.filter((held) => held !== lora) })}
            />
          </li>
        ))}
      </ul>
      {!family.loras && <p>{t('composer.lorasIdle')}</p>}
    </section>
  );
}
