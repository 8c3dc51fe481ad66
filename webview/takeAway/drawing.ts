import { fail, ok, type Result } from '../../src/core/problem';
import type { Drawing } from '../../src/protocol/drawing';

/** Properties that a chart gets from its stylesheet, and needs where there is none. */
const inlined = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'font-family',
  'font-size',
  'opacity',
] as const;

const space = 12;

/** Pixels of a chart's PNG for each of its own: sharp in print, and on screens with many. */
const pixelRatio = 2;

/** What is drawn in an element: its charts as SVG and PNG, or else its heatmaps as PNG. */
export async function drawingOf(element: Element): Promise<Result<Drawing>> {
  const charts = [...element.querySelectorAll<SVGSVGElement>('svg.chart')];
  if (charts.length > 0) {
    const svg = standalone(charts);
    return ok({ svg, png: await rasterise(svg) });
  }
  const maps = [...element.querySelectorAll<HTMLCanvasElement>('tensor-heatmap canvas')];
  if (maps.length > 0) return ok({ svg: undefined, png: await sideBySide(maps) });
  return fail(
    'nothing-drawn',
    'There is no picture here to export: choose one that draws something.',
  );
}

/** Charts below each other, with their colours in them, on the background they were drawn on. */
function standalone(charts: readonly SVGSVGElement[]): string {
  const size = (chart: SVGSVGElement): [number, number] => [
    chart.viewBox.baseVal.width,
    chart.viewBox.baseVal.height,
  ];
  const width = Math.max(...charts.map(chart => size(chart)[0])) + 2 * space;
  let y = space;
  const parts = charts.map(chart => {
    const copy = withStyles(chart);
    copy.setAttribute('x', String(space));
    copy.setAttribute('y', String(y));
    y += size(chart)[1] + space;
    return new XMLSerializer().serializeToString(copy);
  });
  const background = getComputedStyle(document.body).backgroundColor;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}">
<rect width="100%" height="100%" fill="${background}"/>
${parts.join('\n')}
</svg>
`;
}

function withStyles(chart: SVGSVGElement): SVGSVGElement {
  const copy = chart.cloneNode(true) as SVGSVGElement;
  const copies = [...copy.querySelectorAll('*')];
  [...chart.querySelectorAll('*')].forEach((original, i) => {
    const style = getComputedStyle(original);
    for (const name of inlined) {
      const value = style.getPropertyValue(name);
      if (value !== '')
        copies[i]?.setAttribute(name, value.replace(/url\("?[^#"]*(#[^")]+)"?\)/, 'url($1)'));
    }
    copies[i]?.removeAttribute('class');
  });
  // What lit leaves between its parts.
  const walker = document.createTreeWalker(copy, NodeFilter.SHOW_COMMENT);
  const comments: Node[] = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  for (const comment of comments) comment.parentNode?.removeChild(comment);
  return copy;
}

/** Heatmaps beside each other, as many pixels as they have. */
async function sideBySide(maps: readonly HTMLCanvasElement[]): Promise<Uint8Array> {
  const width = maps.reduce((sum, map) => sum + map.width + space, -space);
  const height = Math.max(...maps.map(map => map.height));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d');
  let x = 0;
  for (const map of maps) {
    context?.drawImage(map, x, 0);
    x += map.width + space;
  }
  return pngOf(canvas);
}

async function rasterise(svg: string): Promise<Uint8Array> {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width * pixelRatio, image.height * pixelRatio);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return pngOf(canvas);
}

async function pngOf(canvas: OffscreenCanvas): Promise<Uint8Array> {
  const blob = await canvas.convertToBlob({ type: 'image/png' });
  return new Uint8Array(await blob.arrayBuffer());
}
