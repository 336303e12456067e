/** Whether the editor of mask and frame is open, and with which tool. It edits the form's input picture. */
import { create } from 'zustand';

export type MaskTool = 'paint' | 'erase' | 'move' | 'extend';

export const useMaskEditing = create<{ tool: MaskTool | null }>(() => ({ tool: null }));

export const editMask = (tool: MaskTool): void => useMaskEditing.setState({ tool });
export const closeMaskEditor = (): void => useMaskEditing.setState({ tool: null });
