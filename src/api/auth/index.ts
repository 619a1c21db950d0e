export { createVerifier, verifierSettings } from './verifier';
