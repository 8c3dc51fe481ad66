import { histogramBins, type ChannelSummaries } from '../../core/statistics/channels';

export type HoverTheme = 'light' | 'dark' | 'highContrastLight' | 'highContrast';

interface Palette {
  readonly input: string;
  readonly output: string;
  readonly line: string;
}

/** An image in a hover cannot read the theme's own colours; these keep 3 : 1 on its usual backgrounds. */
const palettes: Readonly<Record<HoverTheme, Palette>> = {
  light: { input: '#767676', output: '#0066bf', line: '#767676' },
  dark: { input: '#8f8f8f', output: '#4daafc', line: '#8f8f8f' },
  highContrastLight: { input: '#515151', output: '#0f4a85', line: '#292929' },
  highContrast: { input: '#c5c5c5', output: '#6fc3df', line: '#ffffff' },
};

const barWidth = 9;
const height = 44;
const gap = 24;
const plotWidth = histogramBins * barWidth;

/**
 * Histograms of input and output side by side, as a data URI for a Markdown image (about 4 kB; a hover
 * takes no inline SVG and no file). Each spans its own range, which the text beside it gives.
 */
export function histogramImage(
  input: ChannelSummaries,
  output: ChannelSummaries,
  theme: HoverTheme,
): string {
  const palette = palettes[theme];
  const width = 2 * plotWidth + gap;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + 2}">`,
    plot(input, 0, palette.input, palette.line),
    plot(output, plotWidth + gap, palette.output, palette.line),
    '</svg>',
  ].join('');
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}

function plot(summary: ChannelSummaries, left: number, colour: string, line: string): string {
  const counts = [...summary.histogram.subarray(0, histogramBins)];
  const tallest = Math.max(1, ...counts);
  const bars = counts.map((count, bin) => {
    // A bin that holds anything is at least a pixel tall.
    const size = count === 0 ? 0 : Math.max(1, Math.round((count / tallest) * height));
    const x = left + bin * barWidth;
    return size === 0 ? '' : `M${x} ${height}v-${size}h${barWidth - 1}v${size}z`;
  });
  const base = `M${left} ${height + 0.5}h${plotWidth - 1}`;
  return `<path fill="${colour}" d="${bars.join('')}"/><path stroke="${line}" d="${base}"/>`;
}
