import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { SearchAttributePair } from '@temporalio/common';
import type { SEARCH_ATTRIBUTES } from '../workflows/queues';

/** One of the registered search attributes with its value. */
export const keyword = (name: (typeof SEARCH_ATTRIBUTES)[number], value: string): SearchAttributePair => ({
  key: defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
  value,
});

/** What every workflow of a session is found by. */
export const ofSession = ({ sessionId, userId }: { sessionId: string; userId: string }): SearchAttributePair[] => [
  keyword('SessionId', sessionId),
  keyword('UserId', userId),
];
