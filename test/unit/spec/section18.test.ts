import { readFileSync } from 'node:fs';
import { fromFindings } from '../../../src/api/findings';
import { NOT_FEASIBLE_CODES } from '../../../src/domain/findings';
import type { FindingCode } from '../../../src/domain/findings';
import { REFUSALS } from './refusals';
import type { Refusal } from './refusals';

const TABLE = Object.entries(REFUSALS) as [FindingCode, Refusal][];

describe('every refusal of pipeline.md 18', () => {
  it.each(TABLE)('%s names what the table demands', async (code, { produce, status, message, rest }) => {
    const findings = await produce();
    expect(findings.map((finding) => finding.code)).toEqual([code]);
    expect(findings[0]).toMatchObject(rest ?? {});
    for (const fact of message) expect(findings[0]!.message).toContain(fact);
    expect(fromFindings(findings).status).toBe(status);
  });

  it('is a case of its own here: no code without a test', () => {
    const source = readFileSync('src/domain/findings.ts', 'utf8');
    const union = /export type FindingCode =([^;]*);/.exec(source)![1]!;
    const codes = [...union.matchAll(/'(\w+)'/g)].map((match) => match[1]);
    expect(Object.keys(REFUSALS).sort()).toEqual(codes.sort());
  });

  it('is 422 exactly where the settings are right and the data cannot satisfy them', () => {
    expect(TABLE.filter(([, { status }]) => status === 422).map(([code]) => code)).toEqual([...NOT_FEASIBLE_CODES]);
  });
});
