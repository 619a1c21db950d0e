import type { UploadRef } from '../../workflows/messages';
import type { ActivityServices } from '../services';
import { noticeUpload } from './notices';

export const createAbandonAssembly = (services: Pick<ActivityServices, 'store' | 'emit'>) =>
  /** Marks an upload `failed` whose assembly died again and again; the chunks are kept and a re-sent one tries anew. Idempotent. */
  async function abandonAssembly({ upload: ref, code }: { upload: UploadRef; code: string }): Promise<void> {
    const { service } = services.store;
    await service.failUpload(ref, 'failed', code);
    const upload = await service.upload(ref.uploadId);
    if (upload?.status === 'failed' && upload.attempt === ref.attempt) {
      await noticeUpload(services, ref, upload, { status: 'failed', errorCode: code });
    }
  };
