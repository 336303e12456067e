import type { Style } from '@limner/contract';
import { Dropdown } from 'antd';
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { notify } from '../../../state/notices.ts';
import { chooseStyle, deleteStyle, useStudio } from '../../../state/studio.ts';
import { attempt } from '../../../state/task-actions.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Thumb } from '../../../ui/pictures/thumb.tsx';
import styles from './style-card.module.css';
import { useStyleName, useStyleSample } from './use-style.ts';

export function StyleCard({ style, onEdit }: { style: Style; onEdit: () => void }) {
  const { t } = useTranslation();
  const chosen = useStudio((state) => state.styleId === style.id);
  const name = useStyleName(style);
  const kind = style.is_base ? t('styles.noLora') : t(`styles.${style.type}`);
  return (
    <li className={styles.card} data-chosen={chosen}>
      <button
        type="button"
        className={styles.choose}
        aria-pressed={chosen}
        onClick={() => chooseStyle(style.id)}
      >
        <Sample style={style} name={name} />
        <span className={styles.words}>
          <span className={styles.name}>{name}</span>
          <span className={styles.kind}>{kind}</span>
        </span>
      </button>
      {style.is_base ? (
        <span className={styles.tag} title={t('styles.protected')}>
          <Icon name="lock" size={12} />
          <span className="visually-hidden">{t('styles.protected')}</span>
        </span>
      ) : (
        <>
          {style.is_trained && (
            <span className={styles.tag}>
              <Icon name="check" size={12} />
              {t('styles.trained')}
            </span>
          )}
          <StyleMenu style={style} onEdit={onEdit} />
        </>
      )}
    </li>
  );
}

/** The newest picture of the style, or else its first letter. */
function Sample({ style, name }: { style: Style; name: string }) {
  const sample = useStyleSample(style.id);
  if (!sample)
    return (
      <span className={styles.letter} aria-hidden="true">
        {[...name][0]}
      </span>
    );
  return (
    <span className={styles.sample}>
      <Thumb url={sample} alt="" width={188} />
    </span>
  );
}

function StyleMenu({ style, onEdit }: { style: Style; onEdit: () => void }) {
  const { t } = useTranslation();
  const items = [
    { key: 'edit', label: t('styles.edit'), icon: <Icon name="pencil" />, onClick: onEdit },
    {
      key: 'delete',
      label: t('common.delete'),
      icon: <Icon name="trash" />,
      onClick: () => void remove(style),
    },
  ];
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <button type="button" className={styles.menu} aria-label={t('styles.menu', { name: style.name })}>
        <Icon name="more" />
      </button>
    </Dropdown>
  );
}

async function remove(style: Style): Promise<void> {
  if (!(await attempt(() => deleteStyle(style.id)))) return;
  notify({ text: i18next.t('styles.deleted', { name: style.name }), tone: 'news' });
}
