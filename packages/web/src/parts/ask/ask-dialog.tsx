import { Button, Modal } from 'antd';
import { useQuestion } from '../../state/ask.ts';
import styles from './ask-dialog.module.css';

export default function AskDialog() {
  const { question, answer } = useQuestion();
  if (!question) return null;
  return (
    <Modal
      open
      centered
      width={440}
      closable={false}
      zIndex={1200}
      title={<span className={styles.title}>{question.title}</span>}
      onCancel={() => answer(false)}
      footer={
        <div className={styles.foot}>
          <Button onClick={() => answer(false)}>{question.keep}</Button>
          <Button className={styles.confirm} autoFocus onClick={() => answer(true)}>
            {question.confirm}
          </Button>
        </div>
      }
    >
      {question.lines.map((line) => (
        <p key={line} className={styles.line}>
          {line}
        </p>
      ))}
    </Modal>
  );
}
