import { lazy, Suspense } from 'react';
import { useShortcutList } from './use-shortcuts.ts';

const ShortcutDrawer = lazy(() => import('./shortcut-drawer.tsx'));

export function ShortcutList() {
  const open = useShortcutList((state) => state.open);
  return (
    <Suspense fallback={null}>
      {open && <ShortcutDrawer onClose={() => useShortcutList.setState({ open: false })} />}
    </Suspense>
  );
}
