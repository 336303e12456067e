/** Offers a picture for each line, where the prompt has several. */
import { type FamilyOffer, gridLines, MAX_GRID_CELLS } from '@limner/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useDraft } from '../../../../state/draft/draft.ts';
import { useCost, useLaneOf } from '../use-cost.ts';
import styles from './grid.module.css';
import { useMakeGrid } from './use-make-grid.ts';

export function PromptLines({ family }: { family: FamilyOffer }) {
  const count = useDraft(({ prompt }) => gridLines(prompt).length);
  return count > 1 && family.takes_prompt !== false ? <Offer family={family} count={count} /> : null;
}

function Offer({ family, count }: { family: FamilyOffer; count: number }) {
  const { t } = useTranslation();
  const { make, sending, obstacle, offline } = useMakeGrid(family);
  const cost = useCost(family, useLaneOf(family), count);
  const makeLines = () => make({ x: { field: 'prompt', values: gridLines(useDraft.getState().prompt) } });
  return (
    <div className={styles.lines}>
      <span>{t('grid.lines', { count })}</span>
      <Button
        size="small"
        loading={sending}
        disabled={obstacle !== null || offline || count > MAX_GRID_CELLS}
        onClick={makeLines}
      >
        {t('grid.eachLine', { count })}
        {cost && <span className={styles.cost}>{cost}</span>}
      </Button>
    </div>
  );
}
