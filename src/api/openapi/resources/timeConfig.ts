import { z } from 'zod';
import { anyObject, maybeText, success, text, time, uuid } from '../shapes';
import type { Resource } from '../types';

export const timeInfoValues = z.object({
  jahr: z.boolean(),
  monat: z.boolean(),
  woche: z.boolean(),
  tag: z.boolean(),
  feiertag: z.boolean(),
  zeitzone: text,
  category_data: anyObject,
});

export const zeitschritteValues = z.object({ eingabe: maybeText, ausgabe: maybeText, zeitschrittweite: maybeText, offset: maybeText });

const row = { id: uuid, session_id: uuid, created_at: time, updated_at: time };
const saved = success({ message: text, data: z.null() });
const none = z.object({});

export const timeConfig: Resource = {
  tag: 'Time configuration',
  description: 'Time features and the steps of the windows. Saved as drafts while the user types; jobs check their meaning.',
  routes: {
    'POST /api/training/save-time-info': { summary: 'Store the time features', needs: ['timeInfo'], answers: { 200: saved } },
    'POST /api/training/save-zeitschritte': { summary: 'Store the steps', needs: ['zeitschritte'], answers: { 200: saved } },
    'GET /api/training/get-time-info/:session_id': {
      summary: 'The stored time features',
      answers: { 200: success({ data: z.union([timeInfoValues.extend(row), none]), message: text.optional() }) },
    },
    'GET /api/training/get-zeitschritte/:session_id': {
      summary: 'The stored steps',
      legacy: { data: z.null() },
      answers: { 200: success({ data: z.union([zeitschritteValues.extend(row), none]), message: text.optional() }) },
    },
  },
};
