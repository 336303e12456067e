import { Button, Dropdown } from 'antd';
import { useTranslation } from 'react-i18next';
import { addTasksTo, createSet, useDatasets } from '../../state/datasets.ts';
import { attempt } from '../../state/task-actions.ts';
import { Icon } from '../../ui/icon.tsx';

interface AddToDatasetProps {
  tasks: number[];
  disabled: boolean;
  className: string | undefined;
}

/** Adds the pictures of the chosen tasks to a set, or to a new one. */
export function AddToDataset({ tasks, disabled, className }: AddToDatasetProps) {
  const { t } = useTranslation();
  const { sets } = useDatasets();
  const add = async (key: string) => {
    const known = sets?.find(({ id }) => String(id) === key);
    if (known) return void (await addTasksTo(known, tasks));
    await attempt(async () => {
      await addTasksTo(await createSet((sets ?? []).map(({ name }) => name)), tasks);
    });
  };
  return (
    <Dropdown
      trigger={['click']}
      disabled={disabled}
      menu={{
        items: [
          ...(sets ?? []).map(({ id, name }) => ({ key: String(id), label: name })),
          { key: 'new', icon: <Icon name="plus" />, label: t('datasets.newSet') },
        ],
        onClick: ({ key }) => void add(key),
      }}
    >
      <Button type="text" className={className} disabled={disabled} icon={<Icon name="training" />}>
        {t('datasets.addTo')}
      </Button>
    </Dropdown>
  );
}
