import { useTranslation } from 'react-i18next';
import { fullMoment } from '../i18n/format.ts';

interface ExpiryProps {
  at: string | null;
  className?: string;
}

/** When a clean-up deletes a task; nothing where it is kept. */
export function Expiry({ at, className }: ExpiryProps) {
  const { t } = useTranslation();
  return at && <span className={className}>{t('common.expires', { time: fullMoment(at) })}</span>;
}
