/** API keys: the opaque sb_* keys, or the older kind that is a token signed with the secret. */
import { jwtVerify } from 'jose';
import type { ResolveKey } from './lite';
import type { SupabaseSettings } from './settings';

const ROLES = {
  anon: { type: 'publishable', claims: { role: 'anon' } },
  service_role: { type: 'secret', claims: { role: 'service_role' } },
} as const;

export function createKeyResolver(settings: SupabaseSettings): ResolveKey {
  const secret = new TextEncoder().encode(settings.SUPABASE_JWT_SECRET);
  return async (key) => {
    if (key === settings.SUPABASE_ANON_KEY) return ROLES.anon;
    if (key === settings.SUPABASE_SERVICE_ROLE_KEY) return ROLES.service_role;
    if (key.split('.').length !== 3) return null;
    try {
      const { payload } = await jwtVerify(key, secret, { algorithms: ['HS256'] });
      return payload['role'] === 'anon' || payload['role'] === 'service_role' ? ROLES[payload['role']] : null;
    } catch {
      return null;
    }
  };
}
