/** The LoRA lab: a form with the earlier labs, or one lab. */
import { wholeNumberIn } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { NotFound } from '../../shell/not-found.tsx';
import { TrainingTabs } from '../../ui/training-tabs.tsx';
import { usePageTitle } from '../../ui/use-page-title.ts';
import { EarlierLabs } from './earlier-labs.tsx';
import { LabForm } from './lab-form.tsx';
import styles from './lab-page.module.css';
import { LabView } from './lab-view.tsx';

export default function LabPage() {
  const { t } = useTranslation();
  usePageTitle(t('lab.title'));
  const { grid } = useParams();
  const id = grid === undefined ? null : wholeNumberIn(grid);
  if (grid !== undefined && id === null) return <NotFound />;
  return (
    <main className={styles.page}>
      <TrainingTabs />
      <header>
        <h1>{t('lab.title')}</h1>
        <p className={styles.about}>{t('lab.about')}</p>
      </header>
      {id === null ? (
        <>
          <LabForm />
          <EarlierLabs />
        </>
      ) : (
        <LabView key={id} id={id} />
      )}
    </main>
  );
}
