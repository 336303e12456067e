import {
  isSheetTooLarge,
  MAX_SHEET_PIXELS,
  MAX_SHEET_SIDE_PX,
  type SheetLayout,
  StudioError,
  sheetLayout,
} from '@limner/contract';

/** @throws StudioError `sheet_too_large` */
export function fittingSheet(...asked: Parameters<typeof sheetLayout>): SheetLayout {
  const layout = sheetLayout(...asked);
  const { width, height } = layout;
  if (isSheetTooLarge(layout))
    throw new StudioError('sheet_too_large', {
      data: { width, height, side: MAX_SHEET_SIDE_PX, limit: MAX_SHEET_PIXELS / 1e6 },
    });
  return layout;
}
