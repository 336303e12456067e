/** Notices about the pictures and their captions before the training starts. */
import { trainingNotices } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../i18n/i18n.ts';
import styles from './pictures-field.module.css';
import { useTrainingDraft } from './run-draft.ts';

export function PictureNotes() {
  const { t } = useTranslation();
  const language = spokenLanguage();
  const pictures = useTrainingDraft((draft) => draft.pictures);
  const { problems, alone } = useTrainingDraft((draft) => draft.captions);
  const known = pictures.flatMap(({ ref, name, facts }) =>
    ref
      ? [{ name, width: facts?.width ?? null, height: facts?.height ?? null, content: facts?.sha256 ?? ref }]
      : [],
  );
  const notices = trainingNotices(known).map((notice) => notice[language]);
  const usable = pictures.filter(({ problem }) => problem === null);
  const captioned = usable.filter(({ caption }) => caption !== '').length;
  const notes = [
    ...(alone.length > 0
      ? [t('training.captionsAlone', { names: alone.join(language === 'zh' ? '、' : ', ') })]
      : []),
    ...notices,
  ];
  if (pictures.length === 0 && problems.length === 0) return null;
  return (
    <div className={styles.notes}>
      <p>{t('training.captioned', { count: captioned, pictures: usable.length })}</p>
      {notes.map((note) => (
        <p key={note} data-warning>
          {note}
        </p>
      ))}
      {problems.map((problem) => (
        <p key={problem} className={styles.problem} role="alert">
          {problem}
        </p>
      ))}
    </div>
  );
}
