import type { Finding } from '../../domain/findings';
import type { AssembledFile } from '../../workflows/messages';

const PROBLEMS_KEPT = 20; // http-api route 12, rule 11

/** Findings as they are kept with a file. */
export const problemsOf = (findings: readonly Finding[]): AssembledFile['problems'] =>
  findings.slice(0, PROBLEMS_KEPT).map(({ row, code, message }) => ({ row: row ?? null, code, message }));
