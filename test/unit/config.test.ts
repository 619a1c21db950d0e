import { datasetLimits, loadConfig, loadWorkerConfig } from '../../src/config';
import { DEFAULT_LIMITS } from '../../src/domain/dataset';

const GIVEN = {
  SUPABASE_URL: 'http://127.0.0.1:1',
  SUPABASE_ANON_KEY: 'anon',
  SUPABASE_SERVICE_ROLE_KEY: 'service',
  DATABASE_URL: 'postgres://localhost/x',
  TEMPORAL_ADDRESS: '127.0.0.1:2',
};

describe('configuration', () => {
  it('takes the documented defaults', () => {
    expect(loadConfig(GIVEN)).toMatchObject({
      PORT: 8080,
      TEMPORAL_NAMESPACE: 'default',
      BUCKET_INPUT: 'csv-files',
      RESULTS_TO_KEEP: 10,
      SIGNED_URL_TTL_SECONDS: 3600,
      RATE_LIMIT_UPLOAD: 600,
      SVR_MAX_ROWS: 20_000,
      SVR_CACHE_BYTES: 268_435_456,
    });
    expect(datasetLimits(loadConfig(GIVEN))).toEqual(DEFAULT_LIMITS);
  });

  it('names every variable that is missing or wrong in one sentence, and never its content', () => {
    const broken = { ...GIVEN, SUPABASE_URL: 'no-address-secret', PORT: 'eight', DATABASE_URL: '' };
    const message = (() => {
      try {
        loadConfig(broken);
      } catch (error) {
        return (error as Error).message;
      }
      return 'accepted';
    })();
    for (const name of ['SUPABASE_URL', 'PORT', 'DATABASE_URL']) expect(message).toContain(name);
    for (const content of ['no-address-secret', 'eight']) expect(message).not.toContain(content);
  });

  it('gives a training worker one slot, or as many as it has devices', () => {
    expect(loadConfig(GIVEN).TRAINING_SLOTS).toBe(1);
    expect(loadConfig({ ...GIVEN, TRAINING_SLOTS: '4' }).TRAINING_SLOTS).toBe(4);
    for (const slots of ['0', '-1', '1.5', 'two']) expect(() => loadConfig({ ...GIVEN, TRAINING_SLOTS: slots })).toThrow('TRAINING_SLOTS');
  });

  it('takes an empty variable as not given', () => {
    expect(loadConfig({ ...GIVEN, BUCKET_MODELS: '', PORT: '' })).toMatchObject({ BUCKET_MODELS: 'models', PORT: 8080 });
  });

  it('wants the key for acting as a user from the API only', () => {
    const { SUPABASE_ANON_KEY: _, ...worker } = GIVEN;
    expect(() => loadConfig(worker)).toThrow('SUPABASE_ANON_KEY');
    expect(loadWorkerConfig(worker).SUPABASE_SERVICE_ROLE_KEY).toBe('service');
  });
});
