import type { FamilyOffer, GridInput } from '@limner/contract';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useDraft } from '../../../../state/draft/draft.ts';
import { makeGrid } from '../../../../state/grid-draft.ts';
import { fromDraft } from '../../../../state/recipe/from-draft.ts';
import { useStudio } from '../../../../state/studio.ts';
import { useGenerate } from '../use-generate.ts';
import { useWildcardCure } from '../use-wildcard-cure.ts';

export interface MakeGrid {
  make: (axes: GridInput['axes']) => void;
  sending: boolean;
  /** Why the form cannot run, as the key of a sentence. */
  obstacle: ReturnType<typeof useGenerate>['obstacle'];
  offline: boolean;
}

/** Sends the form with axes, one picture for each cell, and opens the grid. */
export function useMakeGrid(family: FamilyOffer): MakeGrid {
  const [sending, setSending] = useState(false);
  const { obstacle, offline } = useGenerate(() => undefined);
  const navigate = useNavigate();
  const cureOf = useWildcardCure();
  const make = (axes: GridInput['axes']) => {
    const { styles, styleId } = useStudio.getState();
    const style = styles.find(({ id }) => id === styleId) ?? null;
    const { kind, ...recipe } = fromDraft(useDraft.getState(), family, style);
    if (kind === 'training') return;
    // The prompts of an axis replace the form's.
    const prompt = Object.values(axes).some((axis) => axis?.field === 'prompt') ? '' : recipe.prompt;
    setSending(true);
    void makeGrid({ recipe: { kind, ...recipe, prompt }, axes }, cureOf)
      .then((id) => id !== null && navigate(`/grids/${id}`))
      .finally(() => setSending(false));
  };
  return { make, sending, obstacle, offline };
}
