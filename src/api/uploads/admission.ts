import type { UploadView } from '../../store/types';
import { ApiError } from '../errors';
import { resolveOwnSession } from '../middleware';
import { quotaRefusal } from '../quota';
import type { Context, Plan } from '../types';
import type { Announcement } from './announcement';
import { isDiscarded } from './state';

const MIB = 1024 ** 2;
// session_uploads names the first gaps only
const GAPS_NAMED = 100;

/** Bytes of one file: the server's bound, or the plan's if smaller (−1 = no bound of the plan). */
export const fileLimit = (maxFileBytes: number, { max_file_size_mb: mib }: Plan): number =>
  mib < 0 ? maxFileBytes : Math.min(maxFileBytes, mib * MIB);

/**
 * What is decided about a chunk before its bytes are stored: announced size, session, and whether a unit is left for a new file.
 * Leaves the session in the state. @throws FILE_TOO_LARGE, SESSION_NOT_FOUND, FORBIDDEN, PROCESSING_LIMIT_REACHED
 */
export async function admit(ctx: Context, { session, fileName, fileSize }: Announcement, limit: number): Promise<void> {
  if (fileSize !== null && fileSize > limit) throw new ApiError('FILE_TOO_LARGE');
  const { mine } = ctx.state;
  const [own, quota] = await Promise.allSettled([resolveOwnSession(ctx.state, session), mine.peekQuota('processing')]);
  if (own.status === 'rejected') throw own.reason;
  if (quota.status === 'rejected') throw quota.reason;
  ctx.state.session = own.value;
  ctx.state.log = ctx.state.log.child({ sessionId: own.value.id });
  if (quota.value.allowed) return;

  // an upload under way may go on: its unit is decided at its assembly
  const [uploads, files] = await Promise.all([mine.uploads(own.value.id), mine.files(own.value.id)]);
  const known =
    uploads.some((upload) => upload.file_name === fileName && !isDiscarded(upload)) ||
    files.some((file) => file.file_name === fileName && file.sha256 !== null);
  if (!known) throw quotaRefusal('processing', quota.value);
}

/**
 * Whether the chunks of a file stay within its limit together.
 * When every chunk times the number of chunks is within it, the sum is too, so honest uploads cost no query.
 * @throws FILE_TOO_LARGE
 */
export async function refuseOversize({ state }: Context, announced: Announcement, size: number, limit: number): Promise<void> {
  if (size * announced.total <= limit) return;
  const uploads = await state.mine.uploads(state.session.id);
  const tooLarge = uploads
    .filter((upload) => matches(upload, announced) && lacks(upload, announced.index))
    .some((upload) => upload.received_bytes + size > limit);
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
