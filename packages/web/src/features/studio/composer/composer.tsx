/**
 * The form, generated from the chosen family's description. On a phone it is a sheet at the bottom: prompt, chips and
 * the button, or everything when opened.
 */
import type { FamilyOffer } from '@limner/contract';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDraft } from '../../../state/draft/draft.ts';
import { familyFor, familyWith, shapeOf } from '../../../state/draft/draft-rules.ts';
import { useStudio } from '../../../state/studio.ts';
import { ControlsSkeleton } from '../skeleton/skeletons.tsx';
import { StylesPane } from '../styles/styles-pane.tsx';
import { Advanced } from './advanced.tsx';
import styles from './composer.module.css';
import { ControlPanel } from './control-panel.tsx';
import { GenerateButton } from './generate-button.tsx';
import { GridFold } from './grid/grid-fold.tsx';
import { PromptLines } from './grid/prompt-lines.tsx';
import { InputPicture } from './input-picture.tsx';
import { Loras } from './loras.tsx';
import { LostList } from './lost-list.tsx';
import { MaskEditorHost } from './mask/mask-editor-host.tsx';
import { ModeSwitch } from './mode-switch.tsx';
import { ModelPicker } from './model-picker.tsx';
import { NegativePrompt } from './negative-prompt.tsx';
import { PhoneChips } from './phone-chips.tsx';
import { Presets } from './presets.tsx';
import { PromptBox } from './prompt-box.tsx';
import { RecipeOffer } from './recipe-offer.tsx';
import { References } from './references.tsx';
import { SeamlessSwitch } from './seamless-switch.tsx';
import { SeedAndCount } from './seed-and-count.tsx';
import { SizePicker } from './size-picker.tsx';
import { StylePictures } from './style-pictures.tsx';
import { useGenerate } from './use-generate.ts';
import { VideoLength, VideoPictures } from './video-fields.tsx';
import { CombinationsLine } from './wildcards/combinations-line.tsx';

export function Composer({ phone, withStyles }: { phone: boolean; withStyles: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const generate = useGenerate(() => setOpen(false));
  const all = !phone || open;
  return (
    <section className={styles.composer} aria-label={t('composer.label')} data-open={open}>
      {phone && <Grab open={open} onToggle={() => setOpen(!open)} />}
      {all && !withStyles && (
        <div className={styles.head}>
          <ModeSwitch />
        </div>
      )}
      <div className={styles.body}>
        {all && withStyles && <StylesPane strip />}
        {all && withStyles && <ModeSwitch />}
        <LostList />
        <RecipeOffer />
        <PromptBox onGenerate={generate.run} plain={phone && !open} />
        <PromptCombinations />
        <Lines />
        {phone && !open && <PhoneChips onMore={() => setOpen(true)} />}
        {all && <Controls />}
      </div>
      <MaskEditorHost />
      <div className={styles.foot}>
        <GenerateButton {...generate} phone={phone} open={open} onMore={() => setOpen(!open)} />
      </div>
    </section>
  );
}

function Grab({ open, onToggle }: { open: boolean; onToggle: () => void }) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className={styles.grab}
      aria-expanded={open}
      aria-label={t(open ? 'composer.closeAll' : 'composer.openAll')}
      onClick={onToggle}
    />
  );
}

/** An edit's prompt is drawn as well. */
function PromptCombinations() {
  const prompt = useDraft((state) => state.prompt);
  return <CombinationsLine text={prompt} />;
}

function Lines() {
  const family = useFamily();
  const isVideo = useDraft(({ mode }) => mode === 'video');
  return family && !isVideo && <PromptLines family={family} />;
}

function useFamily(): FamilyOffer | null {
  const families = useStudio((state) => state.families);
  const mode = useDraft((state) => state.mode);
  const picked = useDraft((state) => state.family);
  const input = useDraft((state) => state.input);
  const end = useDraft((state) => state.end);
  const outpaint = useDraft((state) => state.outpaint);
  const offer = familyFor(families, { mode, family: picked, input, end, outpaint });
  const values = useDraft((state) => offer && state.params[offer.id]);
  return useMemo(() => offer && familyWith(offer, values ?? undefined), [offer, values]);
}

function Controls() {
  const mode = useDraft((state) => state.mode);
  const input = useDraft((state) => state.input);
  const family = useFamily();
  const loaded = useStudio((state) => state.loaded);
  if (!loaded) return <ControlsSkeleton />;
  return (
    <>
      {mode === 'edit' && <References family={family} />}
      {mode === 'video' && <VideoPictures />}
      {(mode === 'img2img' || mode === 'inpaint') && <InputPicture family={family} />}
      {family && <NegativePrompt family={family} />}
      <ModelPicker family={family} />
      {family && (
        <>
          <Loras family={family} />
          <SeedAndCount />
          {family.size && (mode === 'txt2img' || mode === 'img2img' || mode === 'video') && (
            <SizePicker limits={family.size} shape={shapeOf({ mode, input, outpaint: null }, family)} />
          )}
          {mode === 'video' && family.video && <VideoLength limits={family.video} />}
          {mode !== 'video' && <SeamlessSwitch family={family} />}
          <div className={styles.folds}>
            {mode !== 'video' && <StylePictures family={family} />}
            {mode !== 'video' && <ControlPanel family={family} />}
            <Advanced family={family} />
            {mode !== 'video' && <GridFold family={family} />}
            <Presets />
          </div>
        </>
      )}
    </>
  );
}
