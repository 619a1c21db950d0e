import type { BackendInfo } from '../types';

/** Plain arithmetic of the JavaScript engine. */
export const NO_BACKEND: BackendInfo = { name: 'none', version: process.versions.node };
