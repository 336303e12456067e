/** Node packs that a server lacks, and their installation by ComfyUI-Manager. */
import type { MissingPack, ServerPacks } from '@limner/contract';
import { Button } from 'antd';
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/api.ts';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { sentenceOfBody } from '../../../i18n/problem.ts';
import { notify } from '../../../state/notices.ts';
import { attempt, copyText } from '../../../state/task-actions.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { useLabels } from './labels.ts';
import styles from './server-files.module.css';

interface PacksProps {
  server: ServerPacks;
  onAsked: () => void;
}

export function Packs({ server, onAsked }: PacksProps) {
  const { t } = useTranslation();
  const { packs, manager, working, error } = server;
  if (error) return <p className={styles.warning}>{sentenceOfBody(error)}</p>;
  if (packs.length === 0) return null;
  return (
    <details className={styles.group}>
      <summary>{t('serverModels.packs', { count: packs.flatMap(({ classes }) => classes).length })}</summary>
      <p className={styles.note}>
        {manager ? t('serverModels.packsBy', { manager }) : t('serverModels.packsByHand')}
      </p>
      {working && (
        <p className={styles.note} role="status">
          {t('serverModels.packsWorking')}
        </p>
      )}
      <ul>
        {packs.map((pack) => (
          <Pack key={pack.source ?? pack.classes.join()} server={server} pack={pack} onAsked={onAsked} />
        ))}
      </ul>
    </details>
  );
}

function Pack({ server, pack, onAsked }: PacksProps & { pack: MissingPack }) {
  const { t } = useTranslation();
  const labels = useLabels(pack.families);
  const { command, installed, problem, source, classes, cure } = pack;
  const language = spokenLanguage();
  const name = source?.split('/').at(-1) ?? t('serverModels.noPack');
  return (
    <li>
      <div className={styles.line}>
        <b>{name}</b>
        {pack.pack !== null && server.manager !== null && !installed && (
          <Button
            size="small"
            disabled={server.working}
            onClick={() => void install(server, pack.pack ?? '', name).then(onAsked)}
            aria-label={t('serverModels.installNamed', { name })}
          >
            {t('serverModels.install')}
          </Button>
        )}
        {command && (
          <IconButton
            icon="copy"
            label={t('settings.copyCommand')}
            onClick={() => void copyText(command, t('common.copied'))}
          />
        )}
      </div>
      <span>{source === null ? cure[language] : [source, pack.licence].filter(Boolean).join(' · ')}</span>
      <span>
        {t('serverModels.packNodes', { nodes: classes.join(t('common.list')) })}
        {' · '}
        {t('serverModels.neededBy', { models: labels })}
      </span>
      {installed && <span>{t('serverModels.packInstalled', { server: server.name })}</span>}
      {problem && <span className={styles.warning}>{problem[language]}</span>}
    </li>
  );
}

const install = ({ server }: ServerPacks, pack: string, name: string) =>
  attempt(async () => {
    await api.call('installPack', { body: { server, pack } });
    notify({ text: i18next.t('serverModels.installAsked', { name }), tone: 'news' });
  });
