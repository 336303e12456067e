/** The fields of a video: its first and last picture, its length, and whether its frames are kept. */
import { type FamilyOffer, videoLength } from '@limner/contract';
import { Checkbox } from 'antd';
import { useTranslation } from 'react-i18next';
import { NumberInput } from '../../../parts/number/number-input.tsx';
import { compose, useDraft, type VideoDraft } from '../../../state/draft/draft.ts';
import { Field } from '../../../ui/field.tsx';
import { PictureField } from './picture-field.tsx';
import styles from './video-fields.module.css';

export function VideoPictures() {
  const { t } = useTranslation();
  const input = useDraft((state) => state.input);
  const end = useDraft((state) => state.end);
  return (
    <div className={styles.ends}>
      <PictureField
        label={t('video.start')}
        hint={t('video.startHint')}
        picture={input}
        low
        onChange={(picture) => compose({ input: picture, mask: null })}
      />
      <PictureField
        label={t('video.end')}
        hint={t('video.endHint')}
        picture={end}
        low
        onChange={(picture) => compose({ end: picture })}
      />
    </div>
  );
}

export function VideoLength({ limits }: { limits: NonNullable<FamilyOffer['video']> }) {
  const { t } = useTranslation();
  const video = useDraft((state) => state.video);
  const { frames, fps, seconds } = videoLength(limits, { ...video, frames: null });
  const set = (change: Partial<VideoDraft>) => compose({ video: { ...video, ...change } });
  const secondsAt = (count: number) => Number((count / fps).toFixed(1));
  const range = { min: Math.max(0.1, secondsAt(limits.frames.min)), max: secondsAt(limits.frames.max) };
  return (
    <div className={styles.length}>
      <div className={styles.row}>
        <Field label={t('video.seconds')}>
          {(control) => (
            <NumberInput
              {...control}
              name="seconds"
              range={{ ...range, step: 0.1, kind: 'decimal' }}
              value={Number((video.seconds ?? seconds).toFixed(2))}
              onValue={(value) => set({ seconds: value })}
            />
          )}
        </Field>
        <Field label={t('video.fps')}>
          {(control) => (
            <NumberInput
              {...control}
              name="fps"
              range={{ min: limits.fps.min, max: limits.fps.max, step: 1 }}
              value={fps}
              onValue={(value) => set({ fps: value === limits.fps.default ? null : value })}
            />
          )}
        </Field>
      </div>
      <p className={styles.told}>
        {t('video.told', { frames, seconds: Number(seconds.toFixed(2)) })}
        {fps !== limits.fps.default && ` ${t('video.otherRate', { fps: limits.fps.default })}`}
      </p>
      <Checkbox checked={video.keepFrames} onChange={({ target }) => set({ keepFrames: target.checked })}>
        {t('video.keepFrames')}
      </Checkbox>
      {video.keepFrames && <p className={styles.told}>{t('video.keepFramesCost', { frames })}</p>}
    </div>
  );
}
