/** Axes over the form's recipe: their fields come from the model. Says how many pictures they make, and how long that takes. */
import { type FamilyOffer, GRID_AXES, type GridField, gridFields } from '@limner/contract';
import { Button } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { spokenLanguage } from '../../../../i18n/i18n.ts';
import { useDraft } from '../../../../state/draft/draft.ts';
import { readGrid, useGridDraft } from '../../../../state/grid-draft.ts';
import { paramsOf } from '../../../../state/recipe/param-values.ts';
import { useStudio } from '../../../../state/studio.ts';
import { Fold } from '../fold.tsx';
import { useGridCost, useLaneOf } from '../use-cost.ts';
import { useStyleModels } from '../use-style-models.ts';
import { AxisEditor } from './axis-editor.tsx';
import styles from './grid.module.css';
import { useMakeGrid } from './use-make-grid.ts';

export function GridFold({ family }: { family: FamilyOffer }) {
  const { t } = useTranslation();
  const fields = useFields(family);
  const draft = useGridDraft();
  const read = readGrid(draft, fields, spokenLanguage());
  const names = GRID_AXES.flatMap((name) => {
    const field = fields.find((one) => one.field === draft[name].field);
    return field ? field.label[spokenLanguage()] : [];
  });
  return (
    <Fold title={t('grid.fold')} inside={names.length > 0 ? names.join(' × ') : t('grid.none')}>
      <p className={styles.hint}>{t('grid.hint')}</p>
      {GRID_AXES.map((name) => (
        <AxisEditor key={name} name={name} fields={fields} problem={read.problems[name] ?? null} />
      ))}
      <MakeButton family={family} read={read} />
      <Link to="/grids">{t('grid.earlier')}</Link>
    </Fold>
  );
}

/** Of a grid with more cells than there may be no time is told. */
const NO_AXES = {};

function MakeButton({ family, read }: { family: FamilyOffer; read: ReturnType<typeof readGrid> }) {
  const { t } = useTranslation();
  const { make, sending, obstacle, offline } = useMakeGrid(family);
  const cost = useGridCost(family, useLaneOf(family), read.problems.all ? NO_AXES : read.filled);
  const models = useStyleModels();
  const hasPrompts = Object.values(read.axes).some((axis) => axis?.field === 'prompt');
  const inTheWay = obstacle === 'composer.promptFirst' && hasPrompts ? null : obstacle;
  const isWrong = Object.keys(read.problems).length > 0;
  return (
    <>
      <Button
        block
        loading={sending}
        disabled={read.count === 0 || isWrong || inTheWay !== null || offline}
        onClick={() => make(read.axes)}
      >
        {read.count === 0 ? t('grid.makeNone') : t('grid.make', { count: read.count })}
        {cost && read.count > 0 && <span className={styles.cost}>{cost}</span>}
      </Button>
      {read.problems.all && (
        <p className={styles.problem} role="alert">
          {read.problems.all}
        </p>
      )}
      {read.count > 0 && inTheWay && <p className={styles.hint}>{t(inTheWay, { models })}</p>}
    </>
  );
}

function useFields(family: FamilyOffer): GridField[] {
  const families = useStudio((state) => state.families);
  const styleList = useStudio((state) => state.styles);
  const loras = useDraft((state) => state.loras);
  const isEdit = useDraft(({ mode }) => mode === 'edit');
  const control = useDraft((state) => state.control);
  const values = useDraft((state) => state.params[family.id]);
  return useMemo(() => {
    const { enabled, picture, type, strength, start, end } = control;
    const controlnet =
      enabled && picture && !isEdit
        ? { enabled: true, type, image: picture.ref, strength, start, end }
        : null;
    const kind = isEdit ? 'edit' : 'generation';
    const choices = {
      families: families.filter(({ available }) => available),
      styles: styleList.map(({ name }) => name),
    };
    return gridFields({ kind, loras, controlnet, params: paramsOf(values ?? {}) }, family, choices);
  }, [family, families, styleList, loras, isEdit, control, values]);
}
