/** Labels are hidden until one picture of each prompt is chosen; then it is told what they were made with. */
import { type Grid, type LabPicture, labRows, labVotes } from '@limner/contract';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './lab-page.module.css';
import { LabPictures } from './lab-pictures.tsx';
import { shuffled } from './shuffled.ts';
import { useLabels } from './use-labels.ts';
import { UseStrength } from './use-strength.tsx';

export function Blind({ grid }: { grid: Grid }) {
  const { t } = useTranslation();
  /** Task of the chosen picture, by the prompt's place. */
  const [chosen, setChosen] = useState<Record<number, number>>({});
  const [seed, setSeed] = useState(() => Math.floor(Math.random() * 1e6));
  const rows = labRows(grid).map(({ prompt, pictures }, place) => ({
    prompt,
    pictures: shuffled(pictures, seed + place),
  }));
  const picked = rows.map(({ pictures }, place) =>
    pictures.find(({ cell }) => cell.task_id === chosen[place]),
  );
  const made = picked.filter((picture) => picture !== undefined);
  const isOver = made.length === rows.length;
  const again = () => {
    setChosen({});
    setSeed((before) => before + 1);
  };
  return (
    <>
      <p className={styles.about} role="status">
        {isOver ? t('lab.over') : t('lab.chooseOne', { chosen: made.length, count: rows.length })}
      </p>
      {isOver && <Outcome chosen={made} onAgain={again} />}
      {rows.map(({ prompt, pictures }, place) => (
        <section key={prompt} className={styles.row} aria-label={prompt}>
          <h2>{prompt}</h2>
          <LabPictures
            pictures={pictures}
            isBlind={!isOver}
            chosen={picked[place]}
            onOpen={({ cell }) => !isOver && setChosen({ ...chosen, [place]: cell.task_id })}
          />
        </section>
      ))}
    </>
  );
}

function Outcome({ chosen, onAgain }: { chosen: LabPicture[]; onAgain: () => void }) {
  const { t } = useTranslation();
  const labelOf = useLabels();
  const votes = labVotes(chosen);
  // A tie with the pictures without the LoRA is no vote against it.
  const best = votes.find(({ strength, count }) => strength !== 0 && count === votes[0]?.count) ?? votes[0];
  return (
    <section className={styles.outcome} aria-label={t('lab.outcome')}>
      <ul>
        {votes.map((vote) => (
          <li key={`${vote.style} ${vote.strength} ${vote.step}`}>
            <b>{t('lab.times', { count: vote.count, all: chosen.length })}</b> {labelOf(vote)}
          </li>
        ))}
      </ul>
      {best?.strength === 0 && <p className={styles.quiet}>{t('lab.withoutWon')}</p>}
      <div className={styles.bar}>
        {best && <UseStrength picture={best} primary />}
        <Button onClick={onAgain}>{t('lab.again')}</Button>
      </div>
    </section>
  );
}
