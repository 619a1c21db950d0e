export { input, rawBody, requestSchema, validate } from './validate';
export type { RequestSchema } from './validate';
export { declarationOf, declared } from './declared';
export type { Declaration } from './declared';
export { ownFile, ownSession, bodySessionRef, ownedSession, resolveOwnSession, sessionRef } from './ownSession';
export { enterPlan, lateSubscription, refuseExhausted, requirePlan, subscription } from './subscription';
export { corsOrigins } from './cors';
export { Forcible, isForced } from './forcible';
export { multipart } from './multipart';
