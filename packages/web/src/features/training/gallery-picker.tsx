/** Finished pictures of this studio, to be taken as examples. */
import { Button, Drawer } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentenceOf } from '../../i18n/problem.ts';
import { useTaskFeed } from '../../state/task-feed.ts';
import { useTasks } from '../../state/tasks.ts';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Thumb } from '../../ui/pictures/thumb.tsx';
import { addKnown, useTrainingDraft } from './draft.ts';
import styles from './gallery-picker.module.css';

const EVERYTHING = {};
const PAGE_SIZE = 60;

interface Shown {
  ref: string;
  url: string;
  prompt: string;
}

export default function GalleryPicker({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const feed = useTaskFeed(EVERYTHING, PAGE_SIZE);
  const pictures = usePictures(feed.ids);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const toggle = (ref: string) => {
    const next = new Set(chosen);
    if (!next.delete(ref)) next.add(ref);
    setChosen(next);
  };
  const take = () => {
    const taken = pictures.filter(({ ref }) => chosen.has(ref));
    addKnown(taken.map(({ ref, url, prompt }) => ({ ref, url, name: prompt, caption: prompt })));
    onClose();
  };
  return (
    <Drawer
      open
      title={t('training.fromGallery')}
      onClose={onClose}
      size={560}
      footer={
        <Button type="primary" block disabled={chosen.size === 0} onClick={take}>
          {t('training.take', { count: chosen.size })}
        </Button>
      }
    >
      {feed.problem != null && <Empty sentence={sentenceOf(feed.problem)} />}
      {feed.ready && pictures.length === 0 && <Empty sentence={t('training.galleryEmpty')} />}
      <ul className={styles.pictures}>
        {pictures.map(({ ref, url, prompt }) => (
          <li key={ref}>
            <button
              type="button"
              aria-pressed={chosen.has(ref)}
              aria-label={prompt || ref}
              onClick={() => toggle(ref)}
            >
              <Thumb url={url} alt="" width={120} />
              {chosen.has(ref) && (
                <span className={styles.mark}>
                  <Icon name="check" />
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
      {feed.ready && !feed.complete && (
        <Button type="text" block loading={feed.loading} onClick={feed.more}>
          {t('wall.older')}
        </Button>
      )}
    </Drawer>
  );
}

/** Not those of trainings, which are sheets, nor those that were taken already. */
function usePictures(ids: number[]): Shown[] {
  useTasks((state) => state.shape);
  const taken = useTrainingDraft((draft) => draft.pictures);
  const { entries } = useTasks.getState();
  return ids
    .flatMap((id) => entries[id]?.item ?? [])
    .filter((item) => item.task_kind !== 'training')
    .flatMap((item) => item.output_paths.map((url) => ({ ref: refOf(url), url, prompt: item.prompt })))
    .filter(({ ref }) => taken.every((picture) => picture.ref !== ref));
}

/** Addresses are understood as references. */
const refOf = (url: string): string => url.split('?')[0] ?? url;
