/** ComfyUI workflows of users, and the examples. Each is a family, so changes here change the families. */
import type { WorkflowInput, WorkflowList } from '@limner/contract';
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

export async function addWorkflow(workflow: WorkflowInput): Promise<void> {
  await api.call('addWorkflow', { body: workflow });
  await Promise.all([loadWorkflows(), loadOffers()]);
}

export async function removeWorkflow(id: string): Promise<void> {
  await api.call('removeWorkflow', { params: { id } });
  await Promise.all([loadWorkflows(), loadOffers()]);
}
