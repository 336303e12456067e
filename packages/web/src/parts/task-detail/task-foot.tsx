import type { Frame, Task } from '@limner/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { restoreCutOut } from '../../state/cut-out-choice.ts';
import { restoreFrame } from '../../state/recipe/restore.ts';
import { cancelTask, canVary } from '../../state/task-actions.ts';
import { Icon } from '../../ui/icon.tsx';
import { usePictureActions } from '../pictures/use-picture-actions.ts';
import styles from './task-foot.module.css';

const BESIDE = ['star', 'download', 'copyRecipe', 'cutOut', 'delete'];

/** The primary button and the most used tools. */
export function TaskFoot({ task, frame }: { task: Task; frame: Frame }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const actions = usePictureActions(task, frame);
  const download = actions.find(({ id }) => id === 'download');
  const isCutOut = task.task_kind === 'remove_bg';
  const live = task.status === 'running' || task.status === 'queued';
  const beside = actions.filter(
    ({ id }) =>
      BESIDE.includes(id) &&
      (id !== 'download' || canVary(task) || isCutOut) &&
      // For a single picture the heading has this button already.
      (id !== 'delete' || task.frames.length > 1),
  );
  const restore = async () => {
    if (isCutOut) {
      restoreCutOut(task);
      return navigate('/remove-bg');
    }
    // Closes the drawer.
    if (await restoreFrame(task.recipe, frame.seed)) navigate('/');
  };
  return (
    <footer className={styles.foot}>
      {live ? (
        <Button className={styles.main} onClick={() => void cancelTask(task.id)}>
          {t(task.total_frames > 1 ? 'common.cancelAll' : 'common.cancel')}
        </Button>
      ) : canVary(task) || isCutOut ? (
        <Button
          className={styles.main}
          type="primary"
          icon={<Icon name={isCutOut ? 'scissors' : 'shuffle'} />}
          onClick={() => void restore()}
        >
          {t('detail.useRecipe')}
        </Button>
      ) : (
        download && (
          <Button
            className={styles.main}
            type="primary"
            icon={<Icon name="download" />}
            onClick={download.run}
          >
            {t('tools.download')}
          </Button>
        )
      )}
      {beside.map((action) => (
        <Button
          key={action.id}
          aria-label={action.label}
          title={action.label}
          aria-pressed={action.id === 'star' ? frame.output?.starred : undefined}
          icon={<Icon name={action.icon} />}
          onClick={action.run}
        />
      ))}
    </footer>
  );
}
