import { z } from 'zod';
import type { Config } from '../../config';
import { ApiError } from '../errors';
import { readJsonObject } from '../http/body';
import { lenientBoolean } from '../http/lenient';
import { queryText } from '../http/query';
import { declared } from '../middleware/declared';
import type { Context, Guard } from '../types';
import { readFileForm } from '../uploads/form';

const YES: ReadonlySet<string> = new Set(['true', '1', 'yes']);
const HOW_TO =
  'This deletes all your sessions for good. Send {"confirm_delete_all": true} as JSON, or the form field confirm_delete_all=true, to confirm.';

const CONFIRMATION_FORM = {
  file: '',
  field: (name: string) => (name === 'confirm_delete_all' || name === 'force' ? name : null),
} as const;

/** The JSON form, for the OpenAPI document; what is read is read leniently below. */
const Confirmed = z.object({ confirm_delete_all: z.literal(true), force: z.union([z.boolean(), z.string()]).optional() });
const REFUSES = ['CONFIRMATION_REQUIRED', 'MALFORMED_JSON', 'MISSING_BODY', 'PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE'] as const;

/**
 * Lets through who says that all sessions may go (http-api route 8); leaves in `ctx.state.input` whether running jobs are ended for it.
 * @throws CONFIRMATION_REQUIRED, MALFORMED_JSON, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE
 */
export function confirmed(config: Pick<Config, 'MAX_JSON_BYTES'>): Guard {
  return declared({ refuses: REFUSES, request: { body: Confirmed, query: z.object({ force: queryText }) } }, async (ctx, next) => {
    const { sure, force } = await readConfirmation(ctx, config.MAX_JSON_BYTES);
    if (!sure) throw new ApiError('CONFIRMATION_REQUIRED', { extra: { message: HOW_TO } });
    ctx.state.input = { forceAll: force || lenientBoolean(ctx.query['force']) === true } satisfies Confirmation;
    await next();
  });
}

interface Confirmation {
  forceAll: boolean;
}

/** Behind confirmed(): whether running jobs are to be ended. */
export const isForcedAll = ({ state }: Context): boolean => (state.input as Confirmation).forceAll;

async function readConfirmation(ctx: Context, limit: number): Promise<{ sure: boolean; force: boolean }> {
  if (ctx.is('multipart/form-data', 'urlencoded')) {
    const { fields } = await readFileForm(ctx.req, CONFIRMATION_FORM, limit, (part) => Promise.resolve(part.resume()));
    const sure = YES.has((fields.confirm_delete_all ?? '').trim().toLowerCase());
    return { sure, force: lenientBoolean(fields.force) === true };
  }
  const body = (await readJsonObject(ctx, limit)) ?? {};
  return { sure: body['confirm_delete_all'] === true, force: lenientBoolean(body['force']) === true };
}
