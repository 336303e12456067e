/** The data set that a training learns from, chosen on the page of data sets or here. */
import { Button, Dropdown } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import { useDatasets } from '../../state/datasets.ts';
import styles from './new-run.module.css';
import { changeDraft, useTrainingDraft } from './run-draft.ts';

export function ChosenSet({ problem }: { problem: string | null }) {
  const { t } = useTranslation();
  const { sets } = useDatasets();
  const chosen = useTrainingDraft((draft) => draft.dataset);
  const choose = (id: number) => {
    const set = sets?.find((each) => each.id === id);
    if (!set) return;
    const { triggers } = useTrainingDraft.getState();
    const { name, pictures, trigger_words } = set;
    changeDraft({ dataset: { id, name, pictures }, triggers: trigger_words || triggers });
  };
  const [search, setSearch] = useSearchParams();
  const asked = Number(search.get('dataset'));
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the sets are known; the address then forgets it
  useEffect(() => {
    if (!asked || !sets) return;
    choose(asked);
    setSearch({}, { replace: true });
  }, [asked, sets]);
  // The number of its pictures may have changed since it was chosen, and it may be gone.
  useEffect(() => {
    // The effect before may have chosen another.
    const { dataset } = useTrainingDraft.getState();
    if (!dataset || !sets) return;
    const now = sets.find(({ id }) => id === dataset.id);
    if (!now) changeDraft({ dataset: null });
    else if (now.pictures !== dataset.pictures || now.name !== dataset.name)
      changeDraft({ dataset: { id: now.id, name: now.name, pictures: now.pictures } });
  }, [sets]);
  const usable = sets?.filter(({ pictures }) => pictures > 0) ?? [];
  if (!chosen && usable.length === 0) return null;
  return (
    <div className={styles.set} data-refused={problem !== null}>
      {chosen ? (
        <>
          <Link to={`/datasets/${chosen.id}`}>
            <b>{t('datasets.chosen', { name: chosen.name, count: chosen.pictures })}</b>
          </Link>
          <Button size="small" type="text" onClick={() => changeDraft({ dataset: null })}>
            {t('datasets.unchoose')}
          </Button>
        </>
      ) : (
        <Dropdown
          trigger={['click']}
          menu={{
            items: usable.map(({ id, name, pictures }) => ({
              key: id,
              label: t('datasets.folder', { name, count: pictures }),
            })),
            onClick: ({ key }) => choose(Number(key)),
          }}
        >
          <Button>{t('datasets.instead')}</Button>
        </Dropdown>
      )}
      {problem && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
