import { ofRun } from '../../../src/api/routes/plotVariables';

describe('variables of a run', () => {
  const split = (input_features: string[] | null) => ofRun({ input_features, output_features: ['y'] });

  it('are series first, then the time columns in their fixed order', () => {
    expect(split(['a', 'b', 'Y_sin', 'Y_cos', 'D_sin', 'D_cos', 'Holiday'])).toEqual({
      input_variables: ['a', 'b'],
      output_variables: ['y'],
      time_components: ['Y_sin', 'Y_cos', 'D_sin', 'D_cos', 'Holiday'],
    });
    const all = ['Y_sin', 'Y_cos', 'M_sin', 'M_cos', 'W_sin', 'W_cos', 'D_sin', 'D_cos', 'Holiday'];
    expect(split(['a', ...all])).toMatchObject({ input_variables: ['a'], time_components: all });
  });

  it('keep a series that is named like a time column', () => {
    expect(split(['Holiday', 'Y_sin', 'Y_cos'])).toMatchObject({ input_variables: ['Holiday'], time_components: ['Y_sin', 'Y_cos'] });
    const all = ['Y_sin', 'Y_cos', 'M_sin', 'M_cos', 'W_sin', 'W_cos', 'D_sin', 'D_cos', 'Holiday'];
    expect(split(['Holiday', ...all])).toMatchObject({ input_variables: ['Holiday'], time_components: all });
  });

  it('may be series only, or nothing', () => {
    expect(split(['a'])).toMatchObject({ input_variables: ['a'], time_components: [] });
    expect(split(null)).toMatchObject({ input_variables: [], time_components: [] });
  });
});
