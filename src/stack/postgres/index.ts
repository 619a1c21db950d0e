export { clusterUrl, postgresSpec } from './cluster';
