/** A well-formed request to every operation of docs/openapi.json, for what all routes have in common. */
import { api } from '../support';
import { operations } from '../support/openApi';
import type { Node, Operation } from '../support/openApi';
import type { Answer, Body } from './scenario';

export interface Caller {
  token: string | undefined;
}

export interface Call {
  /** the operation, with the form of the body where there are two */
  title: string;
  operation: Operation;
  /** what the route names: nothing of anybody's, a session or a file */
  names: 'nothing' | 'session' | 'file';
  /** JSON body without the session key; absent for a form */
  body?: Body;
  send: (caller: Caller, ref?: string) => Promise<Answer>;
}

/** Bodies by operation; the session key is added where it does not stand in the path. */
const BODIES: Record<string, Body> = {
  'POST /session-name-change': { sessionName: 'mine' },
  'POST /delete-all-sessions': { confirm_delete_all: true },
  'POST /csv-files': { fileData: { fileName: 'a.csv' } },
  'PUT /csv-files/{id}': { bezeichnung: 'mine' },
  'POST /cancel-upload/{session_id}': { fileName: 'HUFL.csv' },
  'POST /save-time-info': { timeInfo: { jahr: true } },
  'POST /save-zeitschritte': { zeitschritte: { eingabe: '5' } },
  'POST /train-models/{session_id}': { model_parameters: { MODE: 'LIN' } },
  'POST /save-evaluation-tables/{session_id}': { df_eval: { a: 1 } },
  'POST /generate-plot': { df_plot_out: { OT: true } },
  'POST /scale-data/{session_id}': { input_data: [[1, 2]] },
  'POST /predict/{session_id}': { input_data: [[1, 2]] },
};

const csv = new Blob(['UTC;a\n2024-01-01 00:00:00;1\n2024-01-01 01:00:00;2\n']);
const FORMS: Record<string, (ref: string) => FormData> = {
  'POST /upload-chunk': (ref) => {
    const form = new FormData();
    form.set('metadata', JSON.stringify({ sessionId: ref, fileName: 'a.csv', chunkIndex: 0, totalChunks: 1 }));
    form.set('chunk', csv, 'a.csv');
    return form;
  },
  'POST /csv-files': (ref) => {
    const form = new FormData();
    form.set('sessionId', ref);
    form.set('file', csv, 'a.csv');
    return form;
  },
};

/** Media types an operation takes. */
export const takes = ({ node }: Operation, type: 'application/json' | 'multipart/form-data'): boolean =>
  type in ((node['requestBody'] as Node | undefined)?.['content'] ?? {});

const hasParameter = ({ key }: Operation): boolean => key.includes('{');
const PLAIN_READS = ['GET /list-sessions', 'GET /health', 'GET /ready', 'GET /openapi.json'];

/** A route names a session unless the document shows that it takes neither parameter nor session key. */
function namedBy(operation: Operation): Call['names'] {
  if (/^(PUT|DELETE) \/csv-files\//.test(operation.key)) return 'file';
  if (hasParameter(operation)) return 'session';
  return PLAIN_READS.includes(operation.key) || operation.key === 'POST /delete-all-sessions' ? 'nothing' : 'session';
}

/** Path of an operation below the prefix. */
export const pathOf = ({ key }: Operation, ref: string): string => key.split(' ')[1]!.replace(/\{\w+\}/, ref);

function callsTo(operation: Operation): Call[] {
  const { key, method } = operation;
  const names = namedBy(operation);
  const common = { operation, names };
  const form = FORMS[key];
  const ofForm: Call[] = form
    ? [
        {
          ...common,
          title: `${key} (form)`,
          send: ({ token }, ref = '') => api(token).raw(method, pathOf(operation, ref), { body: form(ref) }),
        },
      ]
    : [];
  if (takes(operation, 'multipart/form-data') && !form && !takes(operation, 'application/json')) throw new Error(`${key} has no form`);
  if (form && !takes(operation, 'application/json')) return ofForm;
  const send: Call['send'] = ({ token }, ref = '') => {
    const sessionKey = names === 'session' && !hasParameter(operation) ? { sessionId: ref } : {};
    const content = takes(operation, 'application/json')
      ? { body: JSON.stringify({ ...sessionKey, ...BODIES[key] }), headers: { 'Content-Type': 'application/json' } }
      : {};
    return api(token).raw(method, pathOf(operation, ref), content);
  };
  return [{ ...common, title: key, body: BODIES[key] ?? {}, send }, ...ofForm];
}

export const calls: readonly Call[] = operations.flatMap(callsTo);

/** All but the three anyone may call. */
export const behindToken: readonly Call[] = calls.filter(({ operation: { key } }) => !/^GET \/(health|ready|openapi\.json)$/.test(key));
