import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentenceOf } from '../../i18n/problem.ts';
import { loadOffers, useStudio } from '../../state/studio.ts';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { AbilityMatrix } from './ability-matrix.tsx';
import { EngineCard } from './engine-card.tsx';
import { EngineForm } from './engine-form.tsx';
import styles from './engines.module.css';
import { SectionHead } from './section-head.tsx';

export function Engines() {
  const { t } = useTranslation();
  const { engines, problem } = useStudio();
  const [checking, setChecking] = useState(false);
  const [adding, setAdding] = useState(false);
  const check = async () => {
    setChecking(true);
    await loadOffers();
    setChecking(false);
  };
  return (
    <div>
      <SectionHead title={t('settings.engines')} sub={t('settings.enginesSub')}>
        <div className={styles.actions}>
          <Button icon={<Icon name="retry" />} loading={checking} onClick={() => void check()}>
            {t('settings.checkAll')}
          </Button>
          <Button type="primary" icon={<Icon name="plus" />} onClick={() => setAdding(true)}>
            {t('settings.addEngine')}
          </Button>
        </div>
      </SectionHead>
      {adding && <EngineForm onClose={() => setAdding(false)} />}
      {problem != null && <Empty sentence={sentenceOf(problem)} />}
      <div className={styles.cards}>
        {engines.map((engine) => (
          <EngineCard key={engine.id} engine={engine} />
        ))}
      </div>
      {engines.length > 0 && <AbilityMatrix />}
    </div>
  );
}
