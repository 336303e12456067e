import { type Dataset, type DatasetFolder, UPLOAD_TYPES } from '@limner/contract';
import { Button, Dropdown } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api.ts';
import { pickFromGallery } from '../../state/gallery.ts';
import { Icon } from '../../ui/icon.tsx';
import { pickFiles, pickFolder } from '../../ui/pick-file.ts';
import { useTouch } from '../../ui/use-media.ts';
import { CaptionDialog } from './caption-dialog.tsx';
import styles from './dataset.module.css';
import { follow, importFiles } from './import-files.ts';

const MOST_FROM_GALLERY = 100;

/** The ways into a set, and the change of all its captions. */
export function AddPictures({ set }: { set: Dataset }) {
  const { t } = useTranslation();
  const touch = useTouch();
  const folders = useFolders();
  const [editing, setEditing] = useState(false);
  const { id } = set;
  const choose = async () =>
    importFiles(id, await pickFiles(true, `${UPLOAD_TYPES},.txt,.caption,.zip,application/zip`));
  const pick = async () => {
    const picked = await pickFromGallery(MOST_FROM_GALLERY);
    if (picked.length === 0) return;
    const images = picked.map(({ ref }) => ({ image: ref }));
    await follow(id, api.call('addDatasetPictures', { params: { id }, body: { images } }));
  };
  return (
    <div className={styles.drop}>
      <Icon name="image" size={22} />
      <b>{t('datasets.drop', touch)}</b>
      <span>{t('training.dropHint')}</span>
      <div className={styles.sources}>
        <Button onClick={() => void choose()}>{t('training.choose')}</Button>
        {touch.context === undefined && (
          <Button onClick={() => void pickFolder().then((files) => importFiles(id, files))}>
            {t('datasets.chooseFolder')}
          </Button>
        )}
        <Button onClick={() => void pick()}>{t('gallery.pick')}</Button>
        {folders.length > 0 && (
          <Dropdown
            trigger={['click']}
            menu={{
              items: folders.map(({ name, pictures }) => ({
                key: name,
                label: t('datasets.folder', { name, count: pictures }),
              })),
              onClick: ({ key }) =>
                void follow(id, api.call('addDatasetFolder', { params: { id }, body: { folder: key } })),
            }}
          >
            <Button>{t('datasets.fromServer')}</Button>
          </Dropdown>
        )}
        {set.items.length > 0 && (
          <Button onClick={() => setEditing(true)}>{t('datasets.editCaptions')}</Button>
        )}
      </div>
      {editing && <CaptionDialog set={set} onClose={() => setEditing(false)} />}
    </div>
  );
}

/** Those of the data folder; none if they cannot be read. */
function useFolders(): DatasetFolder[] {
  const [folders, setFolders] = useState<DatasetFolder[]>([]);
  useEffect(() => {
    void api.call('listDatasetFolders', {}).then(setFolders, () => undefined);
  }, []);
  return folders;
}
