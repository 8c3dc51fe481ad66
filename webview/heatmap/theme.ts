import type { HeatmapTheme } from './drawCells';
import type { Rgb } from './paint';

/** The colours and the font that the theme gives, as a canvas needs them. */
export function readTheme(element: HTMLElement): HeatmapTheme {
  const style = getComputedStyle(element);
  const probe = document.createElement('span');
  element.append(probe);
  const resolved = (name: string): string => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const theme = {
    special: {
      posInf: rgbOf(resolved('--heatmap-pos-inf')),
      negInf: rgbOf(resolved('--heatmap-neg-inf')),
    },
    text: resolved('--text'),
    background: resolved('--vscode-editor-background'),
    focus: resolved('--vscode-focusBorder'),
    font: `11px ${style.getPropertyValue('--mono') || 'monospace'}`,
  };
  probe.remove();
  return theme;
}

/** Of a computed colour: `rgb(1, 2, 3)` and its like. */
function rgbOf(css: string): Rgb {
  const [r = 0, g = 0, b = 0] = (css.match(/[\d.]+/g) ?? []).map(Number);
  return [r, g, b];
}

/**
 * Tells when the theme is another: VS Code then changes the body's classes and the root's style.
 * @returns a function that stops watching
 */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  return () => observer.disconnect();
}
