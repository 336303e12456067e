import type { EngineHealth, FamilyOffer, SecondsRange } from '@limner/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { between, bytes } from '../../i18n/format.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { Cures } from '../../parts/cures.tsx';
import { removeServer } from '../../state/servers.ts';
import { useStudio } from '../../state/studio.ts';
import { Icon } from '../../ui/icon.tsx';
import { verdictOn } from './abilities.ts';
import { ConfirmRemoval } from './confirm-removal.tsx';
import { EngineActions } from './engine-actions.tsx';
import styles from './engine-card.module.css';
import { EngineName } from './engine-name.tsx';

export function EngineCard({ engine }: { engine: EngineHealth }) {
  const { t } = useTranslation();
  const language = spokenLanguage();
  const name = engine.label[language];
  const [doing, setDoing] = useState<'renaming' | 'removing' | null>(null);
  const done = () => setDoing(null);
  const off = ['not_responding', 'unreachable', 'refused', 'disabled'].includes(engine.status);
  return (
    <article className={styles.card} data-off={off}>
      <header>
        <span
          className={styles.dot}
          data-status={off ? 'off' : engine.missing.length > 0 ? 'lacking' : engine.status}
        />
        {doing === 'renaming' ? <EngineName engine={engine} name={name} onDone={done} /> : <h2>{name}</h2>}
        {engine.version && <span className={styles.quiet}>{engine.version}</span>}
        <span className={styles.status}>{t(`settings.status.${engine.status}`)}</span>
        {engine.named_in && (
          <EngineActions
            engine={engine}
            name={name}
            onRename={() => setDoing('renaming')}
            onRemove={() => setDoing('removing')}
          />
        )}
      </header>
      {engine.url && <div className={styles.address}>{engine.url}</div>}
      {doing === 'removing' && (
        <ConfirmRemoval
          sentence={t('settings.removeEngine', { name })}
          remove={() => removeServer(engine.id)}
          onKeep={done}
        />
      )}
      {engine.note && <p className={styles.note}>{engine.note[language]}</p>}
      {!off && <Measures engine={engine} />}
      <Families engine={engine} />
      {engine.status !== 'disabled' && <Cures missing={engine.missing} />}
    </article>
  );
}

function Measures({ engine }: { engine: EngineHealth }) {
  const { t } = useTranslation();
  const families = useStudio((state) => state.families);
  const { memory, running, queued } = engine;
  const queue = [
    running > 0 && t('settings.painting', { count: running }),
    queued > 0 && t('settings.next', { count: queued }),
  ].filter(Boolean);
  const paces = families
    .filter(({ id }) => engine.families.includes(id))
    .flatMap(({ measured }) => paceOn(engine, measured) ?? []);
  const [first, ...others] = paces;
  return (
    <div className={styles.measures}>
      {memory && (
        <Measure
          name={t('settings.memory')}
          text={t('settings.of', { used: bytes(memory.used_bytes), total: bytes(memory.total_bytes) })}
          part={memory.used_bytes / memory.total_bytes}
          tone={memory.used_bytes / memory.total_bytes > 0.92 ? 'full' : 'plain'}
        />
      )}
      <Measure
        name={t('settings.queue')}
        text={queue.length > 0 ? queue.join(t('common.list')) : t('settings.idle')}
        part={Math.min(1, (running + queued) / 4)}
        tone="alive"
      />
      <Measure
        name={t('settings.pace')}
        text={
          first ? t('settings.paceOf', { time: between(quickest([first, ...others])) }) : t('settings.notYet')
        }
      />
    </div>
  );
}

/** From the pictures of this server, if the engine has several. */
function paceOn({ label, url }: EngineHealth, measured: FamilyOffer['measured']): SecondsRange | null {
  if (url === null || !measured) return measured;
  return measured.servers.find(({ server }) => server === label.en) ?? null;
}

/** The time of its quickest model. */
const quickest = (ranges: [SecondsRange, ...SecondsRange[]]): SecondsRange =>
  ranges.reduce((best, range) => (range.low < best.low ? range : best));

interface MeasureProps {
  name: string;
  text: string;
  /** 0…1; no bar without it. */
  part?: number;
  tone?: 'plain' | 'alive' | 'full';
}

function Measure({ name, text, part, tone = 'plain' }: MeasureProps) {
  return (
    <div>
      <div className={styles.quiet}>{name}</div>
      <div>{text}</div>
      {part !== undefined && (
        <div className={styles.bar}>
          <i data-tone={tone} style={{ width: `${part * 100}%` }} />
        </div>
      )}
    </div>
  );
}

/** Its abilities; dashed if something is missing. */
function Families({ engine }: { engine: EngineHealth }) {
  const language = spokenLanguage();
  const families = useStudio((state) => state.families);
  const known = families
    .map((family) => ({ family, verdict: verdictOn(engine, family) }))
    .filter(({ verdict }) => verdict !== 'unable');
  if (known.length === 0) return null;
  return (
    <div className={styles.families}>
      {known.map(({ family, verdict }) => {
        const able = verdict === 'able';
        return (
          <span key={family.id} data-able={able}>
            {!able && <Icon name="warning" size={13} />}
            {(family.engines.find((each) => each.engine === engine.kind) ?? family).label[language]}
          </span>
        );
      })}
    </div>
  );
}
