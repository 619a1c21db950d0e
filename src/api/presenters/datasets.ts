import type { OwnSession } from '../types';
import { violinBody } from './plots';
import type { GeneratedDataset } from './types';

type Body = Record<string, unknown>;

/** 200 of route 21. */
export const datasetBody = ({ dataset, violins, warnings, cached, workflowId }: GeneratedDataset): Body => ({
  success: true,
  message: 'Datasets generated successfully',
  dataset_count: dataset.n_dat,
  n_dat: dataset.n_dat,
  n_dat_source: 'windows',
  ...violinBody(violins),
  warnings,
  cached,
  workflowId,
});

/** 202 of route 21: the job goes on. */
export const processingBody = (session: OwnSession, workflowId: string, status: 'processing' | 'cancelled' = 'processing'): Body => ({
  success: true,
  status,
  workflowId,
  session_id: session.ref,
});
