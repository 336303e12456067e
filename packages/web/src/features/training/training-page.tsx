import { wholeNumberIn } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { sentenceOf } from '../../i18n/problem.ts';
import { tellUnread } from '../../state/notices.ts';
import { useTaskFeed } from '../../state/task-feed.ts';
import { Dropzone } from '../../ui/dropzone.tsx';
import { Empty } from '../../ui/empty.tsx';
import { usePageTitle } from '../../ui/use-page-title.ts';
import { NewRun } from './new-run.tsx';
import { addFiles, changeDraft } from './run-draft.ts';
import { RunView } from './run-view.tsx';
import { Runs } from './runs.tsx';
import styles from './training-page.module.css';

const TRAININGS = { kind: 'training' } as const;
const PAGE_SIZE = 40;

/** `/training` shows the newest run, or the form where there is none; `/training/new` the form; `/training/12` a run. */
export default function TrainingPage() {
  const { t } = useTranslation();
  usePageTitle(t('nav.training'));
  const { run } = useParams();
  const navigate = useNavigate();
  const feed = useTaskFeed(TRAININGS, { pageSize: PAGE_SIZE });
  const isUnknown = run !== undefined && run !== 'new' && wholeNumberIn(run) === null;
  const shown =
    run === undefined ? (feed.ids[0] ?? null) : run === 'new' || isUnknown ? null : wholeNumberIn(run);
  const dropped = (files: File[]) => {
    navigate('/training/new');
    changeDraft({ dataset: null });
    void addFiles(files);
  };
  return (
    <Dropzone onUnread={tellUnread} onFiles={dropped}>
      <main className={styles.page}>
        <h1 className="visually-hidden">{t('nav.training')}</h1>
        <Runs ids={feed.ids} shown={shown} ready={feed.ready} />
        <section className={styles.content}>
          {feed.problem != null && run !== 'new' && <Empty sentence={sentenceOf(feed.problem)} />}
          {isUnknown ? (
            <Empty sentence={t('problem.notFound')} />
          ) : shown === null ? (
            feed.ready || run === 'new' ? (
              <NewRun />
            ) : null
          ) : (
            <RunView key={shown} id={shown} />
          )}
        </section>
      </main>
    </Dropzone>
  );
}
