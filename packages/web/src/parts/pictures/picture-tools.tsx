/** The toolbar over a picture with pointer or focus; further actions are in its menu. */
import type { Frame, Task } from '@limner/contract';
import { Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { deleteTask } from '../../state/deletion.ts';
import { Icon } from '../../ui/icon.tsx';
import styles from './picture-tools.module.css';
import { type PictureAction, usePictureActions } from './use-picture-actions.ts';

/** Actions on the toolbar; the first has a label. */
const ON_PLATE: PictureAction['id'][] = [
  'download',
  'cutOut',
  'useAsInput',
  'edit',
  'extend',
  'vary',
  'upscale2',
  'compare',
];

interface PictureToolsProps {
  task: Task;
  frame: Frame;
  row?: boolean;
  onMenu?: (open: boolean) => void;
}

export function PictureTools({ task, frame, row = false, onMenu }: PictureToolsProps) {
  const { t } = useTranslation();
  const actions = usePictureActions(task, frame);
  const onPlate = actions.filter((action) => ON_PLATE.includes(action.id));
  return (
    <div className={row ? styles.row : styles.plate} role="toolbar" aria-label={t('tools.label')}>
      {onPlate.map((action) => (
        <button
          key={action.id}
          type="button"
          data-tool={action.id}
          aria-label={action.label}
          title={action.label}
          onClick={action.run}
        >
          <Icon name={action.icon} size={row ? 20 : 16} />
          {!row && action.id === 'download' && <span>{action.label}</span>}
        </button>
      ))}
      <MoreTools task={task} actions={actions} row={row} onMenu={onMenu} />
    </div>
  );
}

interface MoreToolsProps extends Pick<PictureToolsProps, 'task' | 'row' | 'onMenu'> {
  actions: PictureAction[];
}

function MoreTools({ task, actions, row, onMenu }: MoreToolsProps) {
  const { t } = useTranslation();
  const itemOf = ({ id, label, icon, run }: PictureAction) => ({
    key: id,
    label,
    icon: <Icon name={icon} />,
    onClick: run,
  });
  const items = [
    ...actions.filter(({ id }) => id !== 'delete').map(itemOf),
    { type: 'divider' as const, key: 'line' },
    // A single picture is the whole task.
    ...actions.filter(({ id }) => id === 'delete' && task.frames.length > 1).map(itemOf),
    {
      key: 'deleteTask',
      label: t('wall.deleteTask'),
      icon: <Icon name="trash" />,
      onClick: () => void deleteTask(task.id),
    },
  ];
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="topRight" onOpenChange={onMenu}>
      <button type="button" data-tool="more" aria-label={t('tools.more')} title={t('tools.more')}>
        <Icon name="more" size={row ? 20 : 16} />
      </button>
    </Dropdown>
  );
}
