/** The prompt is the largest thing in the form; the style and its trigger words are chips in it. */
import { MAX_PROMPT_CHARS } from '@limner/contract';
import { Popover } from 'antd';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { compose, useDraft } from '../../../state/draft/draft.ts';
import { useStudio } from '../../../state/studio.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Thumb } from '../../../ui/pictures/thumb.tsx';
import { useStyleName, useStyleSample } from '../styles/use-style.ts';
import { GrowingText } from './growing-text.tsx';
import styles from './prompt-box.module.css';
import { CompletionList } from './wildcards/completion-list.tsx';
import { useCompletion } from './wildcards/use-completion.ts';

export function PromptBox({ onGenerate, plain }: PromptProps) {
  return (
    <div className={styles.box} data-plain={plain}>
      <PromptText onGenerate={onGenerate} plain={plain} />
      {!plain && (
        <div className={styles.bar}>
          <StyleChip />
          <span className={styles.space} />
          <PromptHistory />
        </div>
      )}
    </div>
  );
}

interface PromptProps {
  onGenerate: () => void;
  plain: boolean;
}

/** The only component that renders at each key. */
function PromptText({ onGenerate, plain }: PromptProps) {
  const { t } = useTranslation();
  const prompt = useDraft((state) => state.prompt);
  const mode = useDraft((state) => state.mode);
  const text = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // Not on touch devices, where the keyboard would cover the page, and not if something else has the focus.
    if (matchMedia('(hover: hover)').matches && document.activeElement === document.body)
      text.current?.focus();
  }, []);
  const { completion, field, follow, ...list } = useCompletion(prompt, (text) => compose({ prompt: text }));
  const pressed = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (list.pressed(event)) return;
    if (event.key === 'Escape') event.currentTarget.blur();
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
    event.preventDefault();
    onGenerate();
  };
  return (
    <>
      <GrowingText
        ref={text}
        className={styles.text}
        data-prompt
        aria-label={t('composer.prompt')}
        placeholder={t(mode === 'edit' ? 'composer.editPlaceholder' : 'composer.promptPlaceholder')}
        value={prompt}
        maxLength={MAX_PROMPT_CHARS}
        lines={plain ? { least: 1, most: 3 } : { least: 3, most: 9 }}
        {...field}
        onChange={(event) => {
          follow(event);
          compose({ prompt: event.target.value });
        }}
        onKeyDown={pressed}
      />
      <CompletionList completion={completion} />
    </>
  );
}

function StyleChip() {
  const styleId = useStudio((state) => state.styleId);
  const style = useStudio((state) => state.styles.find(({ id }) => id === styleId));
  const name = useStyleName(style);
  const sample = useStyleSample(styleId ?? 0);
  if (!style) return null;
  return (
    <>
      <span className={styles.style}>
        {sample && (
          <span className={styles.swatch}>
            <Thumb url={sample} alt="" width={18} />
          </span>
        )}
        {name}
      </span>
      {style.trigger_words && <span className={styles.triggers}>{style.trigger_words}</span>}
    </>
  );
}

function PromptHistory() {
  const { t } = useTranslation();
  const prompts = useDraft((state) => state.promptHistory);
  const [open, setOpen] = useState(false);
  const list = (
    <ul className={styles.history}>
      {prompts.length === 0 && <li className={styles.none}>{t('composer.noPromptHistory')}</li>}
      {prompts.map((prompt) => (
        <li key={prompt}>
          <button
            type="button"
            onClick={() => {
              compose({ prompt });
              setOpen(false);
            }}
          >
            {prompt}
          </button>
        </li>
      ))}
    </ul>
  );
  return (
    <Popover
      content={list}
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
      arrow={false}
    >
      <span>
        <IconButton icon="history" label={t('composer.promptHistory')} />
      </span>
    </Popover>
  );
}
