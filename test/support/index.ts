export { api } from './api';
export type { Answer, Api } from './api';
export { endpoints, target, useEndpoints } from './endpoints';
export type { Endpoints } from './endpoints';
export { repeats } from './record';
export { serviceClient, signUpUser, supabaseClient } from './supabase';
export type { TestUser } from './supabase';
export { waitFor } from './waitFor';
