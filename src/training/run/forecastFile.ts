import fs from 'node:fs/promises';
import path from 'node:path';

export const FORECAST_FILE = 'forecast.bin';
/** Windows forecast and written at a time, at most. */
export const CHUNK = 4096;

/**
 * Writes the scaled forecasts of all validation windows, then of all test windows: float64 little-endian, row-major (window, step, output).
 * @param predict forecasts some windows
 * @param pause   between chunks
 * @param chunk   windows at a time: the fewer, the sooner a stop is heard
 */
export async function writeForecasts(
  folder: string,
  parts: readonly Int32Array[],
  predict: (windows: Int32Array) => Float64Array | Float32Array,
  pause: (fraction: number) => Promise<void>,
  chunk = CHUNK,
): Promise<string> {
  const target = path.join(folder, FORECAST_FILE);
  const total = parts.reduce((sum, windows) => sum + windows.length, 0);
  const file = await fs.open(target, 'w');
  try {
    let done = 0;
    for (const windows of parts) {
      for (let first = 0; first < windows.length; first += chunk) {
        const part = windows.subarray(first, first + chunk);
        const forecast = Float64Array.from(predict(part));
        await file.writeFile(new Uint8Array(forecast.buffer));
        done += part.length;
        await pause(done / total);
      }
    }
  } finally {
    await file.close();
  }
  return target;
}
