import { lazy, Suspense } from 'react';
import { useDraft } from '../../../../state/draft/draft.ts';
import { familyFor } from '../../../../state/draft/draft-rules.ts';
import { useMaskEditing } from '../../../../state/mask-editing.ts';
import { useStudio } from '../../../../state/studio.ts';
import { NO_FRAME } from './frame.ts';

/** Of a side that is dragged. */
const LEAST_STEP_PX = 8;

const MaskEditor = lazy(() => import('./mask-editor.tsx'));

/** Opens the editor beside the form, which a phone may show folded. */
export function MaskEditorHost() {
  const tool = useMaskEditing((state) => state.tool);
  const input = useDraft((state) => state.input);
  const isInpaint = useDraft((state) => state.mode === 'inpaint');
  const families = useStudio((state) => state.families);
  // With a frame the form takes a model that extends, if the chosen one does not.
  const family = useDraft(({ mode, family }) => familyFor(families, { mode, family, outpaint: NO_FRAME }));
  if (!tool || !input || !isInpaint) return null;
  const step = family && Math.max(LEAST_STEP_PX, family.size?.step ?? 0);
  return (
    <Suspense fallback={null}>
      <MaskEditor key={input.ref} picture={input} tool={tool} step={step} />
    </Suspense>
  );
}
