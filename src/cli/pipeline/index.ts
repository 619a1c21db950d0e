/** `lastgang pipeline` and `lastgang validate`: the service's pipeline on local files, without any server. */
export { runPipeline } from './pipeline';
export { runValidate } from './validate';
