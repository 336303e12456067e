/** Exports pictures, or the frames of a video, as a sprite sheet or an animated file. */
import {
  ANIMATION_FORMATS,
  type AnimationFormat,
  MAX_ANIMATION_FRAMES,
  MAX_ANIMATION_NAME_CHARS,
  MAX_FPS,
  MAX_PADDING_PX,
  MAX_SIDE_PX,
  MIN_ANIMATION_FPS,
} from '@limner/contract';
import { Button, Checkbox, Input, Modal, Segmented } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { type AnimationSource, endAnimation, useAnimation } from '../../state/animation-choice.ts';
import {
  type AnimationForm,
  type ChosenFrame,
  chosenFrames,
  expected,
  formFor,
  frameProblem,
  hasQuality,
  rateOf,
  rateProblem,
  requestOf,
} from '../../state/animation-form.ts';
import { anyRefused, useRefusedNumbers } from '../../state/draft/refused-numbers.ts';
import { makeAnimation } from '../../state/make-animation.ts';
import { useStudio } from '../../state/studio.ts';
import { Field } from '../../ui/field.tsx';
import { NumberInput } from '../number/number-input.tsx';
import styles from './animation-dialog.module.css';
import { AnimationPreview } from './animation-preview.tsx';

const WEBM_FAMILY = 'animation-webm';

export default function AnimationDialog() {
  const source = useAnimation((state) => state.source);
  return source && <Dialog source={source} />;
}

function Dialog({ source }: { source: AnimationSource }) {
  const { t } = useTranslation();
  const [form, setForm] = useState(() => formFor(source));
  const [read, setRead] = useState<number | null>(null);
  const stop = useRef(new AbortController());
  const isRefused = useRefusedNumbers(anyRefused);
  const lacking = useWebmLacking();
  useEffect(() => () => stop.current.abort(), []);
  const set = (change: Partial<AnimationForm>) => setForm({ ...form, ...change });
  const frames = chosenFrames(source, form);
  const problem = form.format === 'webm' ? lacking : null;
  const fps = rateOf(source, form);
  const isPossible = frameProblem(frames, form) === null && rateProblem(form.format, fps) === null;
  const isReady = isPossible && !isRefused && !problem;
  const start = async () => {
    setRead(0);
    const making = { signal: stop.current.signal, onRead: setRead };
    const isMade = await makeAnimation(source, frames, requestOf(source, form), making);
    setRead(null);
    if (isMade) endAnimation();
  };
  return (
    <Modal
      open
      centered
      width={560}
      zIndex={1200}
      title={t('animation.title')}
      onCancel={endAnimation}
      footer={
        <div className={styles.foot}>
          {read !== null && source.video && (
            <span className={styles.reading} role="status">
              {t('animation.reading', { n: Math.min(read + 1, frames.length), total: frames.length })}
            </span>
          )}
          <Button onClick={endAnimation}>{t('common.cancel')}</Button>
          <Button type="primary" disabled={!isReady} loading={read !== null} onClick={() => void start()}>
            {t('animation.start')}
          </Button>
        </div>
      }
    >
      <div className={styles.form}>
        <AnimationPreview frames={frames} fps={fps} />
        <FormatField value={form.format} problem={problem} onChange={(format) => set({ format })} />
        <Told source={source} form={form} frames={frames} />
        <FrameFields source={source} form={form} set={set} />
        <LookFields source={source} form={form} set={set} />
        {form.format === 'sheet' && <SheetFields form={form} set={set} />}
      </div>
    </Modal>
  );
}

/** What the family that makes WebM lacks, with its cure. */
function useWebmLacking(): string | null {
  const families = useStudio((state) => state.families);
  const family = families.find(({ id }) => id === WEBM_FAMILY);
  const [missing] = family?.engines[0]?.missing ?? [];
  return missing?.cure[spokenLanguage()] ?? null;
}

interface FormatFieldProps {
  value: AnimationFormat;
  problem: string | null;
  onChange: (format: AnimationFormat) => void;
}

function FormatField({ value, problem, onChange }: FormatFieldProps) {
  const { t } = useTranslation();
  return (
    <Field label={t('animation.format')} hint={t(`animation.about.${value}`)} problem={problem}>
      {({ id: _, ...control }) => (
        <Segmented
          {...control}
          block
          className={styles.formats}
          aria-label={t('animation.format')}
          value={value}
          onChange={onChange}
          options={ANIMATION_FORMATS.map((format) => ({
            value: format,
            label: t(`animation.formats.${format}`),
          }))}
        />
      )}
    </Field>
  );
}

interface ToldProps {
  source: AnimationSource;
  form: AnimationForm;
  frames: ChosenFrame[];
}

/** What is made, before it is started, or why it cannot be. */
function Told({ source, form, frames }: ToldProps) {
  const { t } = useTranslation();
  const count = frames.length;
  const problem = frameProblem(frames, form);
  const seconds = Number((count / rateOf(source, form)).toFixed(2));
  const { size, sheet } = expected(frames, form);
  return (
    <div className={styles.told}>
      <p role="status">
        {size
          ? t('animation.told', { count, seconds, size: t('composer.sizeOf', size) })
          : t('animation.toldUnsized', { count, seconds })}
        {sheet &&
          ` ${t('animation.toldSheet', { ...sheet, size: t('composer.sizeOf', { width: sheet.width, height: sheet.height }) })}`}
        {source.video && ` ${t('animation.reads')}`}
      </p>
      {problem && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

interface FieldsProps {
  form: AnimationForm;
  set: (change: Partial<AnimationForm>) => void;
}

function FrameFields({ source, form, set }: FieldsProps & { source: AnimationSource }) {
  const { t } = useTranslation();
  const fps = rateOf(source, form);
  const last = source.frames.length;
  return (
    <>
      {last > 1 && (
        <div className={styles.row}>
          <Field label={t('animation.from')}>
            {(control) => (
              <NumberInput
                {...control}
                name="animationFrom"
                range={{ min: 1, max: form.to, step: 1 }}
                value={form.from}
                onValue={(from) => set({ from })}
              />
            )}
          </Field>
          <Field label={t('animation.to')}>
            {(control) => (
              <NumberInput
                {...control}
                name="animationTo"
                range={{ min: form.from, max: last, step: 1 }}
                value={form.to}
                onValue={(to) => set({ to })}
              />
            )}
          </Field>
          <Field label={t('animation.every')} hint={t('animation.everyHint')}>
            {(control) => (
              <NumberInput
                {...control}
                name="animationEvery"
                range={{ min: 1, max: last, step: 1 }}
                value={form.every}
                onValue={(every) => set({ every })}
              />
            )}
          </Field>
        </div>
      )}
      <div className={styles.row}>
        <Field label={t('video.fps')} problem={rateProblem(form.format, fps)}>
          {(control) => (
            <NumberInput
              {...control}
              name="animationFps"
              placeholder={String(Number(rateOf(source, { ...form, fps: null }).toFixed(2)))}
              range={{ min: MIN_ANIMATION_FPS, max: MAX_FPS, step: 1, kind: 'decimal' }}
              value={form.fps}
              onValue={(fps) => set({ fps })}
              onEmpty={() => set({ fps: null })}
            />
          )}
        </Field>
        <Field label={t('animation.maxSide')}>
          {(control) => (
            <NumberInput
              {...control}
              name="animationSide"
              placeholder={t('animation.asIs')}
              range={{ min: 1, max: MAX_SIDE_PX, step: 1 }}
              value={form.maxSide}
              onValue={(maxSide) => set({ maxSide })}
              onEmpty={() => set({ maxSide: null })}
            />
          )}
        </Field>
        <Field label={t('animation.name')}>
          {(control) => (
            <Input
              {...control}
              maxLength={MAX_ANIMATION_NAME_CHARS}
              value={form.name}
              onChange={({ target }) => set({ name: target.value })}
            />
          )}
        </Field>
      </div>
    </>
  );
}

function LookFields({ source, form, set }: FieldsProps & { source: AnimationSource }) {
  const { t } = useTranslation();
  const canCutOut = useStudio(({ families }) =>
    families.some(({ kind, available }) => kind === 'remove_bg' && available),
  );
  return (
    <div className={styles.checks}>
      {source.frames.length > 1 && (
        <Checkbox checked={form.loop} onChange={({ target }) => set({ loop: target.checked })}>
          {t('animation.loop')}
        </Checkbox>
      )}
      <Checkbox
        checked={form.cutOut}
        disabled={!canCutOut}
        onChange={({ target }) => set({ cutOut: target.checked })}
      >
        {t('animation.cutOut')}
      </Checkbox>
      <Checkbox checked={form.trim} onChange={({ target }) => set({ trim: target.checked })}>
        {t('animation.trim')}
      </Checkbox>
      {hasQuality(form.format) && (
        <>
          <Checkbox checked={form.lossless} onChange={({ target }) => set({ lossless: target.checked })}>
            {t('animation.lossless')}
          </Checkbox>
          {!form.lossless && (
            <Field label={t('animation.quality')}>
              {(control) => (
                <NumberInput
                  {...control}
                  name="animationQuality"
                  range={{ min: 1, max: 100, step: 1 }}
                  value={form.quality}
                  onValue={(quality) => set({ quality })}
                />
              )}
            </Field>
          )}
        </>
      )}
    </div>
  );
}

function SheetFields({ form, set }: FieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <div className={styles.row}>
        <Field label={t('animation.columns')}>
          {(control) => (
            <NumberInput
              {...control}
              name="animationColumns"
              placeholder={t('animation.automatic')}
              range={{ min: 1, max: MAX_ANIMATION_FRAMES, step: 1 }}
              value={form.columns}
              onValue={(columns) => set({ columns })}
              onEmpty={() => set({ columns: null })}
            />
          )}
        </Field>
        <Field label={t('animation.padding')}>
          {(control) => (
            <NumberInput
              {...control}
              name="animationPadding"
              range={{ min: 0, max: MAX_PADDING_PX, step: 1 }}
              value={form.padding}
              onValue={(padding) => set({ padding })}
            />
          )}
        </Field>
      </div>
      <Checkbox checked={form.powerOfTwo} onChange={({ target }) => set({ powerOfTwo: target.checked })}>
        {t('animation.powerOfTwo')}
      </Checkbox>
    </>
  );
}
