/** Parts that several answers share. */
import { z } from 'zod';

/** A JSON success: it always carries `success: true` (http-api A.1). */
export const success = <Shape extends z.ZodRawShape>(shape: Shape) => z.object({ success: z.literal(true), ...shape });

export const time = z.iso.datetime();
export const uuid = z.guid();
/** a session key as the caller sent it */
export const sessionRef = z.string();
export const text = z.string();
export const maybeText = z.string().nullable();
export const maybeInt = z.int().nullable();
export const anyObject = z.record(z.string(), z.unknown());
export const image = z.string().meta({ description: 'Picture as a data URI.' });

export const fileType = z.enum(['input', 'output']);
export const rowsOrWindows = z.enum(['rows', 'windows']).meta({ description: 'Whether n_dat counts CSV rows or windows.' });
export const jobKind = z.enum(['dataset', 'training']);

/** A finding in a CSV file. */
export const problem = z.object({ row: maybeInt, code: text, message: text });
/** A finding behind an answer (http-api A.4). */
export const finding = z.looseObject({ code: text, message: text });
