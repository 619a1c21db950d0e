import { windowOffset, windowStepMin } from '../../domain/settings';
import type { DatasetSettings } from '../../domain/settings/types';
import type { WindowSteps } from '../../store';
import type { JobFile } from '../../workflows/messages';

/** Step and offset of the transferred data per file (pipeline.md 5.2), as the rows show them. @param files in the order of the settings' series */
export function windowSteps({ series, steps }: DatasetSettings, files: readonly JobFile[]): WindowSteps[] {
  return files.flatMap(({ fileId }, index) => {
    const one = series[index];
    return one ? [{ id: fileId, step: text(windowStepMin(one, steps)), offset: text(windowOffset(one, steps)) }] : [];
  });
}

const text = (value: number | string | null): string | null => (value === null ? null : String(value));
