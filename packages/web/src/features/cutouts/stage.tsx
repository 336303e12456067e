/** Original and result, held against each other on any ground. */
import type { Task } from '@limner/contract';
import { Button, Segmented } from 'antd';
import { type CSSProperties, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentenceOfBody } from '../../i18n/problem.ts';
import { pictureOfRef } from '../../state/composer.ts';
import { retryTask } from '../../state/task-actions.ts';
import CompareSlider from '../../ui/compare-slider.tsx';
import { Empty } from '../../ui/empty.tsx';
import { groundStyle } from '../../ui/grounds/grounds.ts';
import { useGround } from '../../ui/grounds/use-ground.ts';
import { Ring } from '../../ui/pictures/ring.tsx';
import { useUploadUrl } from '../../ui/pictures/use-upload-url.ts';
import { useLook, type View } from './look.ts';
import styles from './stage.module.css';

export default function Stage({ task }: { task: Task }) {
  const { t } = useTranslation();
  const view = useLook((state) => state.view);
  const ground = useGround((state) => state.ground);
  const output = task.frames[0]?.output;
  const original = task.input_image ? pictureOfRef(task.input_image, null).url : null;
  const options = [
    { value: 'slider' as const, label: t('cutouts.slider') },
    { value: 'side' as const, label: t('cutouts.sideBySide') },
    { value: 'result' as const, label: t('cutouts.resultOnly') },
  ];
  return (
    <>
      <div className={styles.bar}>
        <Segmented
          aria-label={t('cutouts.view')}
          value={view}
          onChange={(next) => useLook.setState({ view: next })}
          options={options}
        />
      </div>
      <div className={styles.room}>
        {output ? (
          <Pictures
            view={original ? view : 'result'}
            original={original ?? output.url}
            result={output.url}
            ratio={output.width / output.height}
            ground={groundStyle(ground)}
          />
        ) : (
          <NotYet task={task} original={original} />
        )}
      </div>
    </>
  );
}

interface PicturesProps {
  view: View;
  original: string;
  result: string;
  ratio: number;
  ground: CSSProperties;
}

function Pictures({ view, original, result, ratio, ground }: PicturesProps) {
  const { t } = useTranslation();
  const first = <Picture url={original} caption={t('cutouts.original')} side="left" />;
  const second = <Picture url={result} caption={t('cutouts.result')} side="right" ground={ground} />;
  const box = { '--ratio': ratio, '--across': view === 'side' ? 2 : 1 } as CSSProperties;
  return (
    <div className={styles.box} data-view={view} style={box}>
      {view === 'slider' && <CompareSlider first={first} second={second} label={t('cutouts.split')} />}
      {view === 'side' && (
        <>
          {first}
          {second}
        </>
      )}
      {view === 'result' && second}
    </div>
  );
}

interface PictureProps {
  url: string;
  caption: string;
  side: 'left' | 'right';
  ground?: CSSProperties;
}

function Picture({ url, caption, side, ground }: PictureProps) {
  const [address, failed] = useUploadUrl(url);
  return (
    <figure className={styles.picture} style={ground}>
      <img src={address} alt={caption} draggable={false} onError={failed} />
      <figcaption data-side={side}>{caption}</figcaption>
    </figure>
  );
}

function NotYet({ task, original }: { task: Task; original: string | null }) {
  const { t } = useTranslation();
  const [ratio, setRatio] = useState(1);
  const [address, failed] = useUploadUrl(original ?? '');
  if (task.status === 'failed' || task.status === 'cancelled') {
    const error = task.frames[0]?.error ?? task.error;
    return (
      <Empty sentence={error ? sentenceOfBody(error) : t('status.cancelled')}>
        <Button onClick={() => void retryTask(task.id)}>{t('common.retry')}</Button>
      </Empty>
    );
  }
  const percent = Math.round(task.progress * 100);
  return (
    <div className={styles.box} style={{ '--ratio': ratio, '--across': 1 } as CSSProperties}>
      {original && (
        <img
          className={styles.waiting}
          src={address}
          onError={failed}
          alt={t('cutouts.original')}
          onLoad={({ currentTarget }) =>
            setRatio(currentTarget.naturalWidth / currentTarget.naturalHeight || 1)
          }
        />
      )}
      <span className={styles.ring}>
        <Ring progress={task.progress} label={t('cutouts.working', { percent })} />
      </span>
    </div>
  );
}
