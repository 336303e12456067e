/** What changes the whole mask. Some of it takes a while: then `busy` says what goes on, and nothing else may begin. */
import { StudioError } from '@limner/contract';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentenceOf } from '../../../../i18n/problem.ts';
import type { Picture } from '../../../../state/draft/draft.ts';
import { cutOutMatte } from './cut-out-matte.ts';
import { pixelsOf } from './mask-files.ts';
import type { MaskActions } from './mask-panel.tsx';
import { filled, fromAlpha, inverted } from './plane.ts';
import { reshapedAside } from './reshape-aside.ts';
import type { MaskState } from './use-plane.ts';

interface MaskWork {
  actions: MaskActions;
  busy: string | null;
  problem: string | null;
  /** Says why something failed. */
  onProblem: (problem: unknown) => void;
}

/** @param maskOf is called when an action runs */
export function useMaskWork(picture: Picture, maskOf: () => MaskState): MaskWork {
  const { t } = useTranslation();
  const [busy, setBusy] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const closing = useRef(new AbortController());
  useEffect(() => {
    const controller = new AbortController();
    closing.current = controller;
    return () => controller.abort();
  }, []);
  const onProblem = (error: unknown) =>
    setProblem(error instanceof StudioError ? sentenceOf(error) : t('mask.failed'));
  const work = async (label: string, run: (signal: AbortSignal) => Promise<void>) => {
    const { signal } = closing.current;
    setBusy(label);
    setProblem(null);
    try {
      await run(signal);
    } catch (error) {
      if (!signal.aborted) onProblem(error);
    } finally {
      setBusy(null);
    }
  };
  const now = (change: (mask: MaskState) => void) => () => {
    setProblem(null);
    change(maskOf());
  };
  const actions: MaskActions = {
    fill: now((mask) => mask.replace(filled(mask.plane(), 255))),
    invert: now((mask) => mask.replace(inverted(mask.plane()))),
    clear: now((mask) => mask.replace(filled(mask.plane(), 0))),
    ofAlpha: (part) =>
      void work(t('mask.working'), async () => {
        const rgba = await pixelsOf(picture.url, picture);
        if (isOpaque(rgba)) setProblem(t('mask.noAlpha'));
        else maskOf().replace(fromAlpha(rgba, picture, part));
      }),
    ofCutOut: (part) =>
      void work(t('mask.cutting', { percent: 0 }), async (signal) => {
        const shown = (share: number) => setBusy(t('mask.cutting', { percent: Math.round(100 * share) }));
        const rgba = await pixelsOf(await cutOutMatte(picture.ref, shown, signal), picture);
        maskOf().replace(fromAlpha(rgba, picture, part === 'subject' ? 'opaque' : 'transparent'));
      }),
    reshape: (reshape) =>
      void work(t('mask.working'), async () => {
        const mask = maskOf();
        mask.replace(await reshapedAside(mask.plane(), reshape));
      }),
  };
  return { actions, busy, problem, onProblem };
}

function isOpaque(rgba: Uint8ClampedArray): boolean {
  for (let at = 3; at < rgba.length; at += 4) if (rgba[at] !== 255) return false;
  return true;
}
