/** `YYYY-MM-DD HH:MM:SS` (+ fraction if any) of µs since 1970, as times are shown to users. */
export function utcText(micros: number): string {
  const wholeSeconds = Math.floor(micros / 1_000_000);
  const fraction = micros - wholeSeconds * 1_000_000;
  const text = new Date(wholeSeconds * 1000).toISOString().slice(0, 19).replace('T', ' ');
  return fraction === 0 ? text : `${text}.${String(fraction).padStart(6, '0').replace(/0+$/, '')}`;
}
