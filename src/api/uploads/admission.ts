import { fileLimit } from '../../store';
import type { UploadView } from '../../store/types';
import { ApiError } from '../errors';
import { enterPlan, ownedSession } from '../middleware';
import { quotaRefusal } from '../quota';
import type { Context } from '../types';
import type { Announcement } from './announcement';
import { isDiscarded } from './state';

// session_uploads names the first gaps only
const GAPS_NAMED = 100;

/**
 * What is decided about a chunk before its bytes are stored, by one call of the database: subscription, announced size, session, and whether
 * a unit is left for a new file; in this order. Leaves plan and session in the state.
 * @throws NO_ACTIVE_SUBSCRIPTION, FILE_TOO_LARGE, SESSION_NOT_FOUND, FORBIDDEN, PROCESSING_LIMIT_REACHED
 */
export async function admit(ctx: Context, { session, fileName, fileSize }: Announcement, maxFileBytes: number): Promise<void> {
  const { mine } = ctx.state;
  const admission = await mine.admitChunk(session.key);
  const plan = enterPlan(ctx, admission.plan);
  if (fileSize !== null && fileSize > fileLimit(maxFileBytes, plan)) throw new ApiError('FILE_TOO_LARGE');
  const own = ownedSession(admission.session, session.ref);
  ctx.state.session = own;
  ctx.state.log = ctx.state.log.child({ sessionId: own.id });
  if (admission.quota.allowed) return;

  // an upload under way may go on: its unit is decided at its assembly
  const [uploads, files] = await Promise.all([mine.uploads(own.id), mine.files(own.id)]);
  const known =
    uploads.some((upload) => upload.file_name === fileName && !isDiscarded(upload)) ||
    files.some((file) => file.file_name === fileName && file.sha256 !== null);
  if (!known) throw quotaRefusal('processing', admission.quota);
}

/** The bound of a file, and of each of its chunks. */
interface Bounds {
  file: number;
  chunk: number;
}

/**
 * Whether the chunks of a file stay within its limit together, as far as they are there: the assembly asks again. Costs no query
 * - when so few chunks cannot exceed it, however large they are,
 * - when the size was announced, and therefore within the limit, and the chunks have about equal sizes: it cannot be assembled with more bytes.
 * @throws FILE_TOO_LARGE
 */
export async function refuseOversize({ state }: Context, announced: Announcement, size: number, limit: Bounds): Promise<void> {
  const { total, fileSize } = announced;
  if (total === 1 || total * limit.chunk <= limit.file || (fileSize !== null && size * total <= limit.file)) return;
  const uploads = await state.mine.uploads(state.session.id);
  const tooLarge = uploads
    .filter((upload) => matches(upload, announced) && lacks(upload, announced.index))
    .some((upload) => upload.received_bytes + size > limit.file);
  if (tooLarge) throw new ApiError('FILE_TOO_LARGE');
}

const matches = (upload: UploadView, { fileName, total, fileType, bezeichnung }: Announcement): boolean =>
  !isDiscarded(upload) &&
  upload.file_name === fileName &&
  upload.total_chunks === total &&
  (fileType === null || upload.file_type === null || upload.file_type === fileType) &&
  (bezeichnung === null || upload.bezeichnung === null || upload.bezeichnung === bezeichnung);

const lacks = ({ missing }: UploadView, index: number): boolean =>
  missing.includes(index) || (missing.length === GAPS_NAMED && index > (missing.at(-1) ?? 0));
