import type { DatasetPicture } from '@limner/contract';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentenceOf } from '../../i18n/problem.ts';
import { tellUnread } from '../../state/notices.ts';
import { useTasks } from '../../state/tasks.ts';
import { Dropzone } from '../../ui/dropzone.tsx';
import { Empty } from '../../ui/empty.tsx';
import { TrainingTabs } from '../../ui/training-tabs.tsx';
import { usePageTitle } from '../../ui/use-page-title.ts';
import { AddPictures } from './add-pictures.tsx';
import { CaptionWork } from './caption-work.tsx';
import { CheckPanel } from './check-panel.tsx';
import type { Chosen } from './chosen.ts';
import { CropDialog } from './crop-dialog.tsx';
import styles from './dataset.module.css';
import { DatasetHead } from './dataset-head.tsx';
import { importFiles } from './import-files.ts';
import { ImportReport } from './import-report.tsx';
import { PictureGrid } from './picture-grid.tsx';
import { useDataset } from './use-dataset.ts';

export function DatasetView({ id }: { id: number }) {
  const { t } = useTranslation();
  const loaded = useDataset(id);
  const { set, problem, show } = loaded;
  const [chosen, setChosen] = useState<Chosen>(null);
  const [cropped, setCropped] = useState<DatasetPicture | null>(null);
  const offline = useTasks((state) => state.connection === 'lost');
  usePageTitle(set?.name ?? t('datasets.title'));
  if (!set)
    return <main className={styles.page}>{problem != null && <Empty sentence={sentenceOf(problem)} />}</main>;
  const shown = chosen ? set.items.filter((item) => chosen.ids.includes(item.id)) : set.items;
  return (
    <Dropzone onUnread={tellUnread} onFiles={(files) => void importFiles(id, files)}>
      <main className={styles.page}>
        <TrainingTabs />
        <DatasetHead set={set} onChange={show} />
        {offline && <p className={styles.refused}>{t('pill.lostLong')}</p>}
        <AddPictures set={set} />
        <ImportReport set={id} />
        <CaptionWork set={set} />
        {set.items.length > 0 && <CheckPanel set={set} chosen={chosen} onChoose={setChosen} />}
        {chosen && (
          <p className={styles.chosen}>
            <span role="status">{t('datasets.shown', { count: shown.length, title: chosen.title })}</span>
            <button type="button" className={styles.link} onClick={() => setChosen(null)}>
              {t('datasets.showAll')}
            </button>
          </p>
        )}
        <PictureGrid set={set} pictures={shown} onChange={show} onCrop={setCropped} />
        {cropped && (
          <CropDialog
            key={cropped.id}
            set={set}
            picture={cropped}
            onChange={show}
            onClose={() => setCropped(null)}
          />
        )}
      </main>
    </Dropzone>
  );
}
