/** What a run of schemathesis did, from its report of events (NDJSON). */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

interface Recorder {
  label: string;
  interactions?: Record<string, { response: { status_code: number } | null }>;
  checks?: Record<string, { name: string; status: string }[]>;
}

/** One line: the event under its name. */
interface Event {
  ScenarioFinished?: { recorder: Recorder };
  NonFatalError?: { value: { type: string; message: string }; label: string };
  FatalError?: unknown;
  EngineFinished?: { stop_reason: string };
}

export interface FuzzReport {
  /** status of every answer by operation, 0 = none */
  answers: Map<string, number[]>;
  /** checks that did not hold, and what kept schemathesis from testing */
  findings: string[];
}

export async function readReport(file: string): Promise<FuzzReport> {
  const answers = new Map<string, number[]>();
  const findings: string[] = [];
  let end = 'broken off';
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { ScenarioFinished: scenario, NonFatalError: error, FatalError: fatal, EngineFinished: finished } = JSON.parse(line) as Event;
    if (error) findings.push(`${error.label}: ${error.value.type} ${error.value.message}`);
    if (fatal !== undefined) findings.push(JSON.stringify(fatal));
    if (finished) end = finished.stop_reason;
    if (!scenario) continue;
    const { label, interactions = {}, checks = {} } = scenario.recorder;
    const statuses = Object.values(interactions).map(({ response }) => response?.status_code ?? 0);
    answers.set(label, [...(answers.get(label) ?? []), ...statuses]);
    const failed = Object.values(checks).flatMap((all) => all.filter(({ status }) => status !== 'success'));
    findings.push(...failed.map(({ name }) => `${label}: ${name}`));
  }
  if (end !== 'completed') findings.push(`the run ended with: ${end}`);
  return { answers, findings };
}
