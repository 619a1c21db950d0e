import type { Config } from '../../config';
import { ApiError } from '../errors';
import type { Guard } from '../types';
import { declared } from './declared';

/** Gate 6 for forms: the declared type and size, before a byte is read. */
export function multipart({ MAX_REQUEST_BYTES }: Pick<Config, 'MAX_REQUEST_BYTES'>): Guard {
  return declared({ refuses: ['UNSUPPORTED_MEDIA_TYPE', 'PAYLOAD_TOO_LARGE', 'BAD_REQUEST'], form: true }, async (ctx, next) => {
    if (!ctx.is('multipart/form-data') || !['', 'identity'].includes(ctx.get('Content-Encoding'))) {
      throw new ApiError('UNSUPPORTED_MEDIA_TYPE', { error: 'The content type must be multipart/form-data' });
    }
    if (Number(ctx.get('Content-Length') || 0) > MAX_REQUEST_BYTES) throw new ApiError('PAYLOAD_TOO_LARGE');
    await next();
  });
}
