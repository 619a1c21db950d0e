import { z } from 'zod';
import { anyObject, finding, maybeInt, maybeText, sessionRef, success, text, time, uuid } from '../shapes';

const link = { url: maybeText.meta({ description: 'Signed, absolute; null when the object is gone.' }), expires_at: time.nullable() };

const scaler = z.looseObject({ name: text, data_min: z.number(), data_max: z.number(), scale: z.number(), min: z.number() }).nullable();
const scalers = z
  .object({
    input: z.record(z.string(), scaler),
    output: z.record(z.string(), scaler),
    metadata: z.object({
      input_features: z.int(),
      output_features: z.int(),
      input_features_scaled: z.int(),
      output_features_scaled: z.int(),
      input_feature_names: z.array(text),
      output_feature_names: z.array(text),
    }),
  })
  .meta({ id: 'Scalers', description: 'Keys are column indices; null = a column without scaler. Transform: x·scale + min.' });

const metrics = z
  .looseObject({
    model_type: text,
    test_metrics_scaled: anyObject.nullable(),
    test_metrics_original: anyObject.nullable(),
    val_metrics_scaled: anyObject.nullable(),
  })
  .meta({ id: 'EvaluationMetrics' });

const trainedModel = z
  .looseObject({ filename: text, model_class: text, format: text, size_bytes: z.int(), sha256: text, ...link })
  .meta({ id: 'TrainedModel' });
const artifact = z.looseObject({ name: text, kind: text, size_bytes: z.int(), content_type: text, ...link });

// nested lists of numbers, null where undefined
const arrays = z.object({ X: z.array(z.unknown()), y: z.array(z.unknown()), X_orig: z.array(z.unknown()), y_orig: z.array(z.unknown()) });

const document = z
  .looseObject({
    schema_version: z.literal(1),
    model_type: text.meta({ description: 'As the caller named it.' }),
    model_internal: text.meta({ description: 'The canonical name.' }),
    parameters: anyObject,
    training_split: anyObject,
    training: anyObject,
    baselines: z.unknown(),
    warnings: z.array(finding),
    dataset_count: z.int(),
    input_features: z.array(text),
    output_features: z.array(text),
    n_timesteps: z.int(),
    metadata: z.looseObject({ n_dat: z.int(), n_train: z.int(), n_val: z.int(), n_test: z.int(), seed: z.int() }),
    evaluation_metrics: metrics,
    metrics,
    scalers,
    trained_models: z.array(trainedModel),
    trained_model: trainedModel.nullable(),
    artifacts: z.array(artifact),
    train_data: arrays.optional(),
    val_data: arrays.optional(),
    test_data: arrays.optional(),
  })
  .meta({ id: 'ResultDocument' });

const run = z
  .object({
    id: uuid,
    run_id: uuid,
    session_id: sessionRef,
    status: z.enum(['completed', 'failed', 'cancelled']),
    created_at: time,
    updated_at: time,
    completed_at: time.nullable(),
    results_file_path: maybeText,
    file_size_bytes: maybeInt,
    compressed: z.boolean(),
    results_metadata: anyObject,
    n_dat: maybeInt,
    error: maybeText,
    error_code: maybeText,
    details: z.array(finding).nullable(),
    results: z.union([document, z.object({})]).meta({ description: 'Empty for a run that failed.' }),
  })
  .meta({ id: 'TrainingRun' });

export const resultsAnswer = success({ message: text.optional(), count: z.int(), results: z.array(run) });
