/** Task queues; a typo elsewhere would silently create a queue nobody polls. */
export const PIPELINE_QUEUE = 'pipeline';
export const TRAINING_QUEUE = 'training';

/** Custom search attributes, all of type Keyword; registered by the stack and by temporal/scripts. */
export const SEARCH_ATTRIBUTES = ['SessionId', 'UserId', 'ModelMode'] as const;
