// test/acceptance/COVERAGE.md: what a run of the acceptance suite has shown of docs/openapi.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';

const FOLDER = 'test/acceptance';
// files named in one cell; the rest is counted
const NAMED = 3;

/** Operations of the document with their successful statuses and the codes of their refusals. */
function documented() {
  const { paths, components } = JSON.parse(readFileSync(inRoot('docs/openapi.json'), 'utf8'));
  const codesOf = (response) => {
    const { content } = response.$ref ? components.responses[response.$ref.split('/').at(-1)] : response;
    const schema = content?.['application/json']?.schema;
    return (schema?.allOf ?? [schema]).flatMap((part) => part?.properties?.code?.enum ?? []);
  };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => ({
      key: `${method.toUpperCase()} ${path.replace('/api/training', '')}`,
      reads: method === 'get',
      // a download's 416 carries a code that the route documents for 400 as well
      statuses: Object.keys(responses).filter((status) => status < '400' || status === '416'),
      codes: Object.values(responses).flatMap(codesOf),
      namesFile: codesOf(responses[404] ?? {}).includes('FILE_NOT_FOUND') && /\{\w+\}/.test(path),
    })),
  );
}

/** Test files by what they have shown. */
function readShown(file) {
  const shown = new Map();
  const add = (key, test) => shown.set(key, (shown.get(key) ?? new Set()).add(test));
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const { operation, status, code, by, repeated, test } = JSON.parse(line);
    if (repeated) add(`${operation} again`, test);
    else if (code === undefined) add(`${operation} ${status}`, test);
    else add(`${operation} ${code}`, test);
    if (status === 416) add(`${operation} 416`, test);
    if (code === 'FORBIDDEN' && by) add(`${operation} foreign ${by}`, test);
  }
  return (...key) => [...(shown.get(key.join(' ')) ?? [])].map((test) => test.replace(`${FOLDER}/`, '').replace('.test.ts', '')).sort();
}

const cell = (files) => [...files.slice(0, NAMED), ...(files.length > NAMED ? [`and ${files.length - NAMED} more`] : [])].join(', ');
const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** One row of the overview; what is missing is added to the gaps. */
function overviewRow({ key, reads, statuses, codes, namesFile }, filesFor, missing) {
  const show = (what, files) => {
    if (files.length === 0) missing(what);
    return files.length === 0 ? '**gap**' : cell(files);
  };
  const success = statuses.map((status) => `${status}: ${show(status, filesFor(key, status))}`).join('; ');
  const foreign = (by) => show(`a foreign user by ${by}`, filesFor(key, 'foreign', by));
  const strangers = !codes.includes('FORBIDDEN')
    ? 'names nothing'
    : namesFile
      ? `UUID: ${foreign('uuid')}`
      : `string: ${foreign('string')}; UUID: ${foreign('uuid')}`;
  return [key, success, strangers, reads ? 'reads only' : show('the same request again', filesFor(key, 'again'))];
}

/** A note holds for the routes it names, or for all except some. */
const explains = ({ codes, routes, except = [] }, key, code) => codes.includes(code) && (routes?.includes(key) ?? !except.includes(key));

/** Rows of one route's refusals: codes shown by the same files stand together. */
function refusalRows({ key, codes }, filesFor, elsewhere, missing) {
  const rows = new Map();
  for (const code of codes) {
    const files = filesFor(key, code);
    const note = elsewhere.findIndex((entry) => explains(entry, key, code));
    if (files.length === 0 && note < 0) missing(code);
    const where = files.length > 0 ? cell(files) : note < 0 ? '**gap**' : `[${note + 1}]`;
    rows.set(where, [...(rows.get(where) ?? []), code]);
  }
  return [...rows].map(([where, those]) => [those.join(', '), where]);
}

/**
 * Writes the table.
 * @param {string} shownFile  lines of test/support/record.ts
 * @returns {string[]} what is documented and neither covered nor explained
 */
export function writeCoverage(shownFile) {
  const filesFor = readShown(shownFile);
  const elsewhere = JSON.parse(readFileSync(inRoot(FOLDER, 'elsewhere.json'), 'utf8'));
  const gaps = [];
  const routes = documented().map((route) => {
    const missing = (what) => gaps.push(`${route.key}: ${what}`);
    return { key: route.key, overview: overviewRow(route, filesFor, missing), refusals: refusalRows(route, filesFor, elsewhere, missing) };
  });
  const text = [
    '# What the acceptance suite covers',
    'Written by `npm run test:acceptance` from the answers its tests received and from docs/openapi.json; not edited by hand.',
    'Each answer was held against the document as it came: its status, its type, its body.',
    `Names are files of this folder without \`.test.ts\`. [n] points to the notes at the end: tested elsewhere, or not at all, with the reason (\`elsewhere.json\`).`,
    '## Routes',
    table(
      ['route', 'success', 'foreign user is refused', 'the same request again'],
      routes.map(({ overview }) => overview),
    ),
    '## Refusals',
    ...routes.flatMap(({ key, refusals }) => [`### ${key}`, table(['codes', 'shown by'], refusals)]),
    '## Notes',
    elsewhere.map(({ shown_by: by, why }, index) => `${index + 1}. ${by ? `Tested in \`${by}\`` : 'Not covered'}: ${why}`).join('\n'),
    '## Gaps',
    gaps.length === 0 ? 'None.' : gaps.map((gap) => `- ${gap}`).join('\n'),
  ].join('\n\n');
  writeFileSync(inRoot(FOLDER, 'COVERAGE.md'), `${text}\n`);
  return gaps;
}
