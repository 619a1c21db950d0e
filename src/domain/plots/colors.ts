/** matplotlib's "tab20": the colour of a column is its index modulo 20 (pipeline.md 16.1). */
const TAB20 = [
  '#1f77b4',
  '#aec7e8',
  '#ff7f0e',
  '#ffbb78',
  '#2ca02c',
  '#98df8a',
  '#d62728',
  '#ff9896',
  '#9467bd',
  '#c5b0d5',
  '#8c564b',
  '#c49c94',
  '#e377c2',
  '#f7b6d2',
  '#7f7f7f',
  '#c7c7c7',
  '#bcbd22',
  '#dbdb8d',
  '#17becf',
  '#9edae5',
] as const;

/** Colour of a column; inputs (series, then time columns) count from 0, output j is `inputColumns + j`. */
export const columnColor = (index: number): string => TAB20[index % TAB20.length] ?? TAB20[0];

interface Hls {
  hue: number;
  lightness: number;
  saturation: number;
}

/** Hue, lightness and saturation in 0…1 (Python's colorsys.rgb_to_hls). */
function toHls(hex: string): Hls {
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255) as [number, number, number];
  const high = Math.max(r, g, b);
  const low = Math.min(r, g, b);
  const lightness = (high + low) / 2;
  if (high === low) return { hue: 0, lightness, saturation: 0 };
  const span = high - low;
  const saturation = lightness <= 0.5 ? span / (high + low) : span / (2 - high - low);
  const sector = high === r ? (g - b) / span : high === g ? 2 + (b - r) / span : 4 + (r - g) / span;
  return { hue: (((sector / 6) % 1) + 1) % 1, lightness, saturation };
}

/** The colour as #rrggbb (Python's colorsys.hls_to_rgb). */
function toHex({ hue, lightness, saturation }: Hls): string {
  const high = lightness <= 0.5 ? lightness * (1 + saturation) : lightness + saturation - lightness * saturation;
  const low = 2 * lightness - high;
  const channel = (shift: number): string => {
    const at = (((hue + shift) % 1) + 1) % 1;
    const share = Math.max(Math.min(2 - Math.abs(at * 6 - 2), 1), 0); // up within a sixth, level for a third, down within a sixth
    return Math.round((low + (high - low) * share) * 255)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${channel(1 / 3)}${channel(0)}${channel(-1 / 3)}`;
}

/** A colour with its HLS saturation multiplied by `factor`. Seaborn fills violins with 0.75. */
export function desaturate(hex: string, factor: number): string {
  const { hue, lightness, saturation } = toHls(hex);
  return toHex({ hue, lightness, saturation: saturation * factor });
}

/** The grey of a violin's outline: 60 % of the face's lightness, seaborn's automatic line colour. */
export function outlineGrey(hex: string): string {
  return toHex({ hue: 0, lightness: toHls(hex).lightness * 0.6, saturation: 0 });
}
