/** How a picture is enlarged: by which model, how much, and whether a picture model adds detail. */
import type { FamilyOffer, FamilyParam } from '@limner/contract';
import { CREATIVITY, licenceWith } from '@limner/contract';
import { Button, Input, Modal, Segmented, Select, Slider } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { useStudio } from '../../state/studio.ts';
import { upscale } from '../../state/task-actions.ts';
import { endUpscale, type UpscaleSource, useUpscale } from '../../state/upscale-choice.ts';
import { Field } from '../../ui/field.tsx';
import { NoEffect } from '../../ui/no-effect.tsx';
import styles from './upscale-dialog.module.css';

const FACTORS = [2, 3, 4];
const PLAIN = 'upscale';
const CREATIVE = 'creative-upscale';

export default function UpscaleDialog() {
  const source = useUpscale((state) => state.source);
  return source && <Dialog source={source} />;
}

function Dialog({ source }: { source: UpscaleSource }) {
  const { t } = useTranslation();
  const families = useStudio((state) => state.families);
  const [factor, setFactor] = useState(2);
  const [wantsCreative, setCreative] = useState(false);
  const [models, setModels] = useState<Record<string, string>>({});
  const [strength, setStrength] = useState<number | null>(null);
  const [prompt, setPrompt] = useState('');
  const creative = families.find(({ id }) => id === CREATIVE);
  // It may become unavailable while it is chosen.
  const isCreative = wantsCreative && creative?.available === true;
  const family = isCreative ? creative : families.find(({ id }) => id === PLAIN);
  const param = (key: FamilyParam['key']) => family?.params.find((each) => each.key === key);
  const range = param('denoise');
  const creativity = isCreative ? (strength ?? Number(range?.default ?? CREATIVITY.usual)) : undefined;
  const model = family && models[family.id];
  const start = () => {
    void upscale(
      source.ref,
      { factor, model, creativity, prompt: isCreative ? prompt : undefined },
      source.task,
    );
    endUpscale();
  };
  return (
    <Modal
      open
      centered
      width={460}
      zIndex={1200}
      title={t('upscale.title')}
      onCancel={endUpscale}
      footer={
        <div className={styles.foot}>
          <Button onClick={endUpscale}>{t('common.cancel')}</Button>
          <Button type="primary" disabled={!family?.available} onClick={start}>
            {t('upscale.start')}
          </Button>
        </div>
      }
    >
      <div className={styles.form}>
        <Field label={t('upscale.factor')} hint={t('composer.sizeOf', sized(source, factor))}>
          {({ id: _, ...control }) => (
            <Segmented
              {...control}
              block
              aria-label={t('upscale.factor')}
              value={factor}
              onChange={setFactor}
              options={FACTORS.map((value) => ({ value, label: `×${value}` }))}
            />
          )}
        </Field>
        {creative?.available ? (
          <Field label={t('upscale.mode')} hint={family?.description[spokenLanguage()]}>
            {({ id: _, ...control }) => (
              <Segmented
                {...control}
                block
                aria-label={t('upscale.mode')}
                value={isCreative}
                onChange={setCreative}
                options={[
                  { value: false, label: t('upscale.plain') },
                  { value: true, label: t('upscale.creative') },
                ]}
              />
            )}
          </Field>
        ) : (
          <NoEffect label={t('upscale.creative')} reason={whyNot(creative) ?? t('upscale.needsComfy')} />
        )}
        {family && (
          <Models
            family={family}
            value={model}
            onChange={(next) => setModels({ ...models, [family.id]: next })}
          />
        )}
        {isCreative && (
          <>
            <Field label={t('upscale.strength')}>
              {({ id: _, ...control }) => (
                <div className={styles.strength}>
                  <span>{t('upscale.faithful')}</span>
                  <Slider
                    {...control}
                    ariaLabelForHandle={t('upscale.strength')}
                    min={range?.min ?? 0.1}
                    max={range?.max ?? 0.6}
                    step={range?.step ?? 0.05}
                    value={creativity ?? 0}
                    onChange={setStrength}
                  />
                  <span>{t('upscale.inventive')}</span>
                </div>
              )}
            </Field>
            <Field label={t('upscale.prompt')} aside={t('common.optional')}>
              {(control) => (
                <Input.TextArea
                  {...control}
                  autoSize={{ minRows: 1, maxRows: 4 }}
                  value={prompt}
                  onChange={(event) => setPrompt(event.target.value)}
                />
              )}
            </Field>
          </>
        )}
      </div>
    </Modal>
  );
}

interface ModelsProps {
  family: FamilyOffer;
  /** Undefined: the default. */
  value: string | undefined;
  onChange: (value: string) => void;
}

function Models({ family, value, onChange }: ModelsProps) {
  const { t } = useTranslation();
  const language = spokenLanguage();
  const param = family.params.find(({ key }) => key === 'model');
  const usable = (param?.choices ?? []).filter(({ missing }) => !missing || missing.length === 0);
  const shown = value ?? (param?.default === null ? undefined : String(param?.default));
  const licence = licenceWith(family, { model: shown });
  if (usable.length === 0) return null;
  return (
    <Field label={t('upscale.model')} hint={licence && t('composer.licence', { licence })}>
      {(control) => (
        <Select
          {...control}
          style={{ width: '100%' }}
          value={shown}
          placeholder={t('upscale.usual')}
          onChange={onChange}
          options={usable.map((choice) => ({ value: String(choice.value), label: choice.label[language] }))}
          virtual={false}
        />
      )}
    </Field>
  );
}

const sized = ({ width, height }: UpscaleSource, factor: number) => ({
  width: width * factor,
  height: height * factor,
});

/** The first thing that it lacks, with its cure. */
function whyNot(family: FamilyOffer | undefined): string | undefined {
  const [missing] = family?.engines[0]?.missing ?? [];
  return missing?.cure[spokenLanguage()];
}
