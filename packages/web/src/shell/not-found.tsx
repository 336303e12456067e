import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Empty } from '../ui/empty.tsx';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <main style={{ height: '100%' }}>
      <Empty sentence={t('problem.notFound')}>
        <Link to="/" style={{ color: 'var(--gold)' }}>
          {t('problem.home')}
        </Link>
      </Empty>
    </main>
  );
}
