import { describe, expect, it } from 'vitest';
import { summarizeTensor } from '../../../../src/core/text/summaryLine';
import { histogramImage, type HoverTheme } from '../../../../src/host/hover/histogramImage';

function svg(values: number[], theme: HoverTheme): string {
  const summary = summarizeTensor(Float32Array.from(values));
  const uri = histogramImage(summary, summary, theme);
  return Buffer.from(uri.replace('data:image/svg+xml;base64,', ''), 'base64').toString();
}

describe('histogramImage', () => {
  it('draws a bar a bin that holds something, at least a pixel tall', () => {
    const paths = svg([0, ...new Array<number>(1000).fill(1)], 'dark');
    const [bars = ''] = /d="M0 44[^"]*"/.exec(paths) ?? [];
    expect(bars).toBe('d="M0 44v-1h8v1zM135 44v-44h8v44z"');
  });

  it('draws an empty axis where nothing is finite', () => {
    expect(svg([NaN, NaN], 'light')).toContain('d=""');
  });

  it('has colours of its own for each kind of theme, and stays small', () => {
    const themes: HoverTheme[] = ['light', 'dark', 'highContrast', 'highContrastLight'];
    const values = Array.from({ length: 64 }, (_, i) => i % 17);
    const images = themes.map(theme => svg(values, theme));
    expect(new Set(images).size).toBe(4);
    for (const image of images) expect(image.length).toBeLessThan(4000);
  });
});
