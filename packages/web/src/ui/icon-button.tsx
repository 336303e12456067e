import type { ButtonHTMLAttributes } from 'react';
import { Icon, type IconName } from './icon.tsx';
import styles from './icon-button.module.css';

interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  icon: IconName;
  /** What it does; shown as a tip and read aloud. */
  label: string;
  pressed?: boolean;
  framed?: boolean;
}

export function IconButton({ icon, label, pressed, framed, className, ...rest }: IconButtonProps) {
  const names = [styles.button, pressed && styles.pressed, framed && styles.framed, className].filter(
    Boolean,
  );
  return (
    <button
      type="button"
      className={names.join(' ')}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
}
