export { currentScalers } from './current';
export type { CurrentScalers } from './current';
export { readTable } from './sentTable';
export type { SentTable } from './sentTable';
export { saveScaled } from './saveScaled';
export type { SavedTable } from './saveScaled';
