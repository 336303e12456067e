/** Where the features meet: theme, language, the live feeds and the pages. */
import { ConfigProvider } from 'antd';
import { lazy, Suspense, useEffect } from 'react';
import { BrowserRouter, Navigate, Route, Routes } from 'react-router';
import { BASE } from './api/base.ts';
import { StudioSkeleton } from './features/studio/skeleton/studio-skeleton.tsx';
import { useViewerAddress } from './parts/viewer/use-viewer-address.ts';
import { NotFound } from './shell/not-found.tsx';
import { Shell } from './shell/shell.tsx';
import { useAnimation } from './state/animation-choice.ts';
import { useQuestion } from './state/ask.ts';
import { listChanged } from './state/changed-lists.ts';
import { useCompare } from './state/compare.ts';
import { useGallery } from './state/gallery.ts';
import { startLiveTasks } from './state/live-tasks.ts';
import { loadLanes } from './state/queue.ts';
import { useViewer } from './state/shown-picture.ts';
import { keepOffersFresh, loadOffers, loadStyles } from './state/studio.ts';
import { reloadTasks } from './state/tasks.ts';
import { useUpscale } from './state/upscale-choice.ts';
import { BUTTONS } from './theme/buttons.ts';
import { useAntdLocale } from './theme/use-antd-locale.ts';
import { useTheme } from './theme/use-theme.ts';
import { PageBoundary } from './ui/page-boundary.tsx';

const StudioPage = lazy(() => import('./features/studio/studio-page.tsx'));
const AskDialog = lazy(() => import('./parts/ask/ask-dialog.tsx'));
const CutoutsPage = lazy(() => import('./features/cutouts/cutouts-page.tsx'));
const DatasetsPage = lazy(() => import('./features/datasets/datasets-page.tsx'));
const LabPage = lazy(() => import('./features/lab/lab-page.tsx'));
const TrainingPage = lazy(() => import('./features/training/training-page.tsx'));
const QueuePage = lazy(() => import('./features/queue/queue-page.tsx'));
const GridsPage = lazy(() => import('./features/grids/grids-page.tsx'));
const HistoryPage = lazy(() => import('./features/history/history-page.tsx'));
const ComparePictures = lazy(() => import('./features/compare/compare-pictures.tsx'));
const GalleryDrawer = lazy(() => import('./parts/gallery/gallery-drawer.tsx'));
const UpscaleDialog = lazy(() => import('./parts/upscale/upscale-dialog.tsx'));
const AnimationDialog = lazy(() => import('./parts/animation/animation-dialog.tsx'));
const Viewer = lazy(() => import('./parts/viewer/viewer.tsx'));
const SettingsPage = lazy(() => import('./features/settings/settings-page.tsx'));

export function App() {
  useLiveStudio();
  return (
    <ConfigProvider theme={useTheme()} locale={useAntdLocale()} button={BUTTONS} wave={{ disabled: true }}>
      <BrowserRouter basename={BASE || '/'}>
        <Shell overlays={<Overlays />}>
          <PageBoundary>
            <Suspense fallback={null}>
              <Routes>
                <Route index element={<Studio />} />
                <Route path="remove-bg" element={<CutoutsPage />} />
                <Route path="training/lab/:grid?" element={<LabPage />} />
                <Route path="training/:run?" element={<TrainingPage />} />
                <Route path="datasets/:id?" element={<DatasetsPage />} />
                <Route path="queue" element={<QueuePage />} />
                <Route path="grids/:id?" element={<GridsPage />} />
                <Route path="history" element={<HistoryPage />} />
                <Route path="settings/:section?" element={<SettingsPage />} />
                <Route path="studio" element={<Navigate to="/" replace />} />
                <Route path="*" element={<NotFound />} />
              </Routes>
            </Suspense>
          </PageBoundary>
        </Shell>
      </BrowserRouter>
    </ConfigProvider>
  );
}

/** Shows the studio's skeleton until its chunk has loaded. */
const Studio = () => (
  <Suspense fallback={<StudioSkeleton />}>
    <StudioPage />
  </Suspense>
);

/** Layers that every page can open. */
function Overlays() {
  const asking = useQuestion((state) => state.question !== null);
  const comparing = useCompare((state) => state.second !== null);
  const picking = useGallery((state) => state.choice !== null);
  const viewing = useViewer((state) => state.shown !== null);
  const enlarging = useUpscale((state) => state.source !== null);
  const animating = useAnimation((state) => state.source !== null);
  useViewerAddress();
  return (
    <Suspense fallback={null}>
      {picking && <GalleryDrawer />}
      {viewing && <Viewer />}
      {comparing && <ComparePictures />}
      {enlarging && <UpscaleDialog />}
      {animating && <AnimationDialog />}
      {asking && <AskDialog />}
    </Suspense>
  );
}

function useLiveStudio(): void {
  useEffect(() => {
    const load = () => {
      void loadOffers();
      void loadLanes();
      void loadStyles().catch(() => undefined);
    };
    const live = startLiveTasks({
      onBack: load,
      onChanged: (list) => {
        listChanged(list);
        if (list === 'lanes') void loadLanes();
        // Tasks carry the file names of their pictures.
        if (list === 'settings') void reloadTasks();
        if (list === 'styles') void loadStyles().catch(() => undefined);
      },
    });
    const offers = keepOffersFresh();
    load();
    return () => {
      offers.close();
      live.close();
    };
  }, []);
}
