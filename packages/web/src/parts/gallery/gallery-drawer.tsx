/** Choose from stored pictures, newest first. */
import { mayBePicture } from '@limner/contract';
import { Button, Drawer, Input } from 'antd';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pictureAt, useGallery } from '../../state/gallery.ts';
import { useTaskFeed } from '../../state/task-feed.ts';
import { useTasks } from '../../state/tasks.ts';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { Thumb } from '../../ui/pictures/thumb.tsx';
import styles from './gallery-drawer.module.css';

const PAGE_SIZE = 40;

interface Chosen {
  task: number;
  url: string;
}

export default function GalleryDrawer() {
  const { t } = useTranslation();
  const choice = useGallery((state) => state.choice);
  const [chosen, setChosen] = useState<Chosen[]>([]);
  const [text, setText] = useState('');
  const searched = useDeferredValue(text);
  if (!choice) return null;
  const { most, answer } = choice;
  const finish = async (all: Chosen[]) => {
    const pictures = await Promise.all(all.map(({ task, url }) => pictureAt(task, url)));
    answer(pictures.filter((picture) => picture !== null));
  };
  const choose = (picture: Chosen) => {
    if (most === 1) return void finish([picture]);
    const others = chosen.filter(({ url }) => url !== picture.url);
    if (others.length < chosen.length) setChosen(others);
    else if (chosen.length < most) setChosen([...chosen, picture]);
  };
  return (
    <Drawer
      open
      title={t('gallery.title')}
      size={520}
      onClose={() => answer([])}
      footer={
        most > 1 && (
          <Button type="primary" block disabled={chosen.length === 0} onClick={() => void finish(chosen)}>
            {t('gallery.take', { count: chosen.length })}
          </Button>
        )
      }
    >
      <Input
        className={styles.search}
        allowClear
        prefix={<Icon name="search" />}
        aria-label={t('history.search')}
        placeholder={t('history.search')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Pictures text={searched} chosen={chosen} onChoose={choose} />
    </Drawer>
  );
}

interface PicturesProps {
  text: string;
  chosen: Chosen[];
  onChoose: (picture: Chosen) => void;
}

function Pictures({ text, chosen, onChoose }: PicturesProps) {
  const { t } = useTranslation();
  const feed = useTaskFeed({ text: text || undefined }, { pageSize: PAGE_SIZE });
  useTasks((state) => state.listRevision);
  const { entries } = useTasks.getState();
  // A training's sheet is several pictures in one.
  const painted = feed.ids.filter((task) => entries[task]?.item.task_kind !== 'training');
  const pictures = painted.flatMap((task) =>
    (entries[task]?.item.output_paths ?? []).filter(mayBePicture).map((url) => ({ task, url })),
  );
  return (
    <>
      <ul className={styles.pictures}>
        {pictures.map((picture) => (
          <li key={picture.url}>
            <button
              type="button"
              aria-pressed={chosen.some(({ url }) => url === picture.url)}
              aria-label={entries[picture.task]?.item.prompt || t('detail.title', { id: picture.task })}
              onClick={() => onChoose(picture)}
            >
              <Thumb url={picture.url} alt="" width={116} />
              <Icon name="check" />
            </button>
          </li>
        ))}
      </ul>
      {feed.ready && pictures.length === 0 && (
        <Empty sentence={t(text ? 'gallery.noMatch' : 'gallery.empty')} />
      )}
      {feed.hasOlder && <LoadMore onSeen={feed.older} />}
    </>
  );
}
