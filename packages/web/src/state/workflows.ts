/** ComfyUI workflows of users, and the examples. Each is a family, so changes here change the families. */
import type { WorkflowDetail, WorkflowInput, WorkflowList, WorkflowUpdate } from '@limner/contract';
import { create } from 'zustand';
import { api } from '../api/api.ts';
import { loadOffers } from './studio.ts';

interface Workflows extends WorkflowList {
  loaded: boolean;
  problem: unknown;
}

export const useWorkflows = create<Workflows>(() => ({
  workflows: [],
  refused: [],
  loaded: false,
  problem: null,
}));

export async function loadWorkflows(): Promise<void> {
  try {
    useWorkflows.setState({ ...(await api.call('listWorkflows', {})), loaded: true, problem: null });
  } catch (problem) {
    useWorkflows.setState({ problem, loaded: true });
  }
}

/** What a file would become; one that has no name of its own gets the file's. */
export const previewWorkflow = ({ name, graph }: { name: string; graph: Record<string, unknown> }) =>
  api.call('previewWorkflow', { body: { workflow: graph, ...('label' in graph ? {} : { name }) } });

export async function addWorkflow(workflow: WorkflowInput): Promise<WorkflowDetail> {
  const saved = await api.call('addWorkflow', { body: workflow });
  await Promise.all([loadWorkflows(), loadOffers()]);
  return saved;
}

export async function updateWorkflow(id: string, body: WorkflowUpdate): Promise<void> {
  await api.call('updateWorkflow', { params: { id }, body });
  await Promise.all([loadWorkflows(), loadOffers()]);
}

export async function removeWorkflow(id: string): Promise<void> {
  await api.call('removeWorkflow', { params: { id } });
  await Promise.all([loadWorkflows(), loadOffers()]);
}
