export { describeRoutes } from './document';
export type { Described } from './document';
