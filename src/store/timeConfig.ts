import { answer, firstRow, type Database } from './clients';
import type { ServiceStore, UserStore } from './interfaces';
import type { TimeInfoRow, ZeitschritteRow } from './types';

const reads = (database: Database): Pick<ServiceStore, 'timeInfo' | 'zeitschritte'> => ({
  timeInfo: (sessionId) => firstRow<TimeInfoRow>(database.from('time_info').select('*').eq('session_id', sessionId)),
  zeitschritte: (sessionId) => firstRow<ZeitschritteRow>(database.from('zeitschritte').select('*').eq('session_id', sessionId)),
});

const BY_SESSION = { onConflict: 'session_id' };
const IF_ABSENT = { ...BY_SESSION, ignoreDuplicates: true };

export const userTimeConfig = (
  database: Database,
): Pick<UserStore, 'timeInfo' | 'zeitschritte' | 'saveTimeInfo' | 'saveZeitschritte' | 'initTimeInfo' | 'initZeitschritte'> => {
  const save = async (
    table: 'time_info' | 'zeitschritte',
    sessionId: string,
    row: object,
    mode: { onConflict: string; ignoreDuplicates?: boolean },
  ) => {
    await answer(database.from(table).upsert({ ...row, session_id: sessionId }, mode));
  };
  return {
    ...reads(database),
    saveTimeInfo: (sessionId, row) => save('time_info', sessionId, row, BY_SESSION),
    saveZeitschritte: (sessionId, row) => save('zeitschritte', sessionId, row, BY_SESSION),
    initTimeInfo: (sessionId, row) => save('time_info', sessionId, row, IF_ABSENT),
    initZeitschritte: (sessionId, row) => save('zeitschritte', sessionId, row, IF_ABSENT),
  };
};

export const serviceTimeConfig = reads;
