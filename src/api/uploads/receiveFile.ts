import { ApplicationFailure } from '@temporalio/common';
import { fileLimit } from '../../store';
import type { RegisterChunkOutcome } from '../../store/types';
import { isFileField } from '../drafts';
import { ApiError } from '../errors';
import { bodySessionRef, refuseExhausted, resolveOwnSession } from '../middleware';
import type { Context, Services } from '../types';
import { hash } from './announcement';
import type { ChunkBytes, Owner, StoredChunk } from './chunkBytes';
import type { CreatedFile } from './emptyFile';
import { readFileForm } from './form';
import type { FormFields, FormShape } from './form';
import { receiveBytes } from './incoming';
import { hasKey, POSTED, postedFileOfForm } from './postedFile';
import type { PostedFile } from './postedFile';

const OTHER_FIELDS: ReadonlySet<string> = new Set(['sessionId', 'session_id', 'id', 'fileHash']);

const FILE_FORM: FormShape<string> = {
  file: 'file',
  field: (name) => {
    const normal = name.normalize('NFC');
    return OTHER_FIELDS.has(normal) || isFileField(normal) ? normal : null;
  },
};

/**
 * Takes a whole file in one request (http-api route 14, form a). It goes the way of an upload with a single chunk, so it is parsed, charged
 * and registered by the same durable step; a refused one leaves nothing.
 * @throws MISSING_BODY, MISSING_FILE, BAD_REQUEST, INVALID_FILE_NAME, INVALID_FILE_METADATA, HASH_MISMATCH, DUPLICATE_FILE, UPLOAD_CONFLICT,
 *   FILE_TOO_LARGE, quota refusals; WORKFLOW_UNAVAILABLE when the file is taken but not registered in time: the request may be repeated
 */
export async function receiveFile(ctx: Context, services: Services, bytes: ChunkBytes): Promise<CreatedFile> {
  const { config } = services;
  const limit = () => fileLimit(config.MAX_FILE_BYTES, ctx.state.plan);
  const owner = async (fields: Readonly<FormFields<string>>): Promise<Owner> => {
    await enterSession(ctx, fields);
    return { userId: ctx.state.user.id, sessionId: ctx.state.session.id };
  };

  return receiveBytes(bytes, ctx.state.user.id, limit, async (incoming) => {
    const form = await readFileForm(ctx.req, FILE_FORM, config.MAX_REQUEST_BYTES, async (source, fields) => {
      // before its session is named the bytes belong nowhere
      if (!namesSession(fields)) return incoming.spool(source);
      await incoming.store(source, owner(fields));
    });
    if (!form.file && Object.keys(form.fields).length === 0) throw new ApiError('MISSING_BODY');
    if (!form.file) {
      bodySessionRef({ ...form.fields }, NO_SESSION);
      throw new ApiError('MISSING_FILE');
    }
    const expected = hash('fileHash', form.fields['fileHash']);
    const file = postedFileOfForm(form.fields, form.file.name);
    if (incoming.waiting) await incoming.storeWaiting(await owner(form.fields));
    const stored = await incoming.stored();
    if (!stored || stored.size === 0) throw new ApiError('MISSING_FILE', { error: 'The file is empty' });
    if (expected !== null && expected !== stored.sha256) {
      throw new ApiError('HASH_MISMATCH', { extra: { scope: 'file', expected, actual: stored.sha256 } });
    }

    const row = (await ctx.state.mine.files(ctx.state.session.id)).find(hasKey(file.key));
    if (row?.sha256 === stored.sha256) return { row, isNew: false };
    if (row && row.sha256 !== null) throw new ApiError('DUPLICATE_FILE');
    await refuseExhausted(ctx, 'processing');

    const registered = await register(ctx, services, file, stored, expected);
    incoming.handOver();
    const fileId = await assembled(ctx, services, accepted(registered));
    const created = await ctx.state.mine.file(fileId);
    if (!created) throw new ApiError('FILE_NOT_FOUND'); // deleted meanwhile
    return { row: created, isNew: !row && registered.outcome === 'stored' };
  });
}

const NO_SESSION = 'Session ID is required';

const namesSession = (fields: Readonly<FormFields<string>>): boolean => Boolean(fields['sessionId'] ?? fields['session_id']);

/** @throws BAD_REQUEST, BAD_UUID, SESSION_NOT_FOUND, FORBIDDEN */
async function enterSession(ctx: Context, fields: Readonly<FormFields<string>>): Promise<void> {
  ctx.state.session = await resolveOwnSession(ctx.state, bodySessionRef({ ...fields }, NO_SESSION));
  ctx.state.log = ctx.state.log.child({ sessionId: ctx.state.session.id });
}

const register = (
  { state }: Context,
  { store }: Services,
  { key, id, settings }: PostedFile,
  stored: StoredChunk,
  expected: string | null,
): Promise<RegisterChunkOutcome> =>
  store.service.registerChunk({
    sessionId: state.session.id,
    fileName: key.file_name,
    type: key.type,
    bezeichnung: key.bezeichnung,
    totalChunks: 1,
    index: 0,
    size: stored.size,
    sha256: stored.sha256,
    objectPath: stored.objectPath,
    expectedSha256: expected,
    expectedSize: null,
    metadata: { ...settings, ...POSTED, ...(id === null ? {} : { id }) },
  });

type Registered = RegisterChunkOutcome & { uploadId: string };

function accepted(registered: RegisterChunkOutcome): Registered {
  const { outcome, uploadId, status } = registered;
  if (uploadId === null) throw new ApiError('SESSION_NOT_FOUND'); // deleted meanwhile
  switch (outcome) {
    case 'stored':
    case 'duplicate':
    case 'replaced':
      return { ...registered, uploadId };
    case 'chunk_conflict':
      if (status === 'assembled') throw new ApiError('DUPLICATE_FILE');
      throw new ApiError('UPLOAD_CONFLICT', { error: UNDER_WAY });
    case 'upload_conflict':
    case 'ambiguous':
    case 'gone':
      throw new ApiError('UPLOAD_CONFLICT', { error: UNDER_WAY });
  }
}

const UNDER_WAY = 'An upload of this file is under way. Complete or cancel it first';

/** @returns id of the file row. @throws what the assembly refuses; its upload is then withdrawn */
async function assembled({ state }: Context, { config, store, workflows }: Services, registered: Registered): Promise<string> {
  const { uploadId, generation, attempt, status, fileId, outcome } = registered;
  if (status === 'assembled' && fileId !== null) return fileId;
  const { session, user } = state;
  const ref = { sessionId: session.id, sessionRef: session.stringId ?? session.id, userId: user.id, uploadId, generation, attempt };
  try {
    const file = await workflows.assemble(ref, config.ASSEMBLY_WAIT_SECONDS * 1000);
    if (!file) throw new ApiError('WORKFLOW_UNAVAILABLE');
    return file.id;
  } catch (error) {
    // chunks of an upload that was there before are kept for its own repair
    if (error instanceof ApplicationFailure && outcome === 'stored') await store.service.withdrawUpload(ref);
    throw error;
  }
}
