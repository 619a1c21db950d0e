import type { Picture } from './types';

/** The form in which pictures are stored and answered. */
export const dataUri = ({ mime, image }: Picture): string => `data:${mime};base64,${image.toString('base64')}`;
