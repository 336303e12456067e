import { Button, Drawer } from 'antd';
import type { ReactNode } from 'react';
import styles from './drawer-form.module.css';
import type { Submit } from './use-submit.ts';

interface DrawerFormProps {
  title: string;
  /** Stands before the fields. */
  about?: string;
  sending: Submit;
  /** What the button does. */
  action: string;
  disabled: boolean;
  /** For long texts. */
  wide?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A form in a drawer, with its one button at the end. */
export function DrawerForm(props: DrawerFormProps) {
  const { title, about, sending, action, disabled, wide, onClose, children } = props;
  return (
    <Drawer open title={title} onClose={onClose} size={wide ? 600 : 400}>
      <form className={styles.form} onSubmit={sending.submit}>
        {about && <p className={styles.about}>{about}</p>}
        {children}
        <Button type="primary" htmlType="submit" disabled={disabled} loading={sending.busy} block>
          {action}
        </Button>
      </form>
    </Drawer>
  );
}
