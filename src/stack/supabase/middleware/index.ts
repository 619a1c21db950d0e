export { adminUsers } from './adminUsers';
export { bucketSettings } from './buckets';
export { downloads } from './downloads';
export { multipartUploads } from './multipartUploads';
export { objectInfo } from './objectInfo';
export { objectList } from './objectList';
export { signing } from './signing';
export { readUnreadBodies } from './unreadBodies';
