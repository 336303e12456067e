import type { ReactNode } from 'react';
import { Link, useLocation } from 'react-router';
import type { PAGES } from './pages.ts';

/** Pages below another page of the bar. */
const BELOW: Record<string, string> = { '/datasets': '/training' };

/** A link to a page of the bar, marked where the page or one below it is open. */
export function PageLink({
  page: { path },
  children,
}: {
  page: (typeof PAGES)[number];
  children: ReactNode;
}) {
  const first = `/${useLocation().pathname.split('/')[1] ?? ''}`;
  return (
    <Link to={path} aria-current={(BELOW[first] ?? first) === path ? 'page' : undefined}>
      {children}
    </Link>
  );
}
