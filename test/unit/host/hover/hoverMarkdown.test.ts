import { describe, expect, it } from 'vitest';
import { defaultConvention } from '../../../../src/core/batchnorm/conventions/registry';
import { languageProfile } from '../../../../src/core/text/literalLanguage';
import {
  findTensorLiteral,
  type TensorContent,
  type TensorLiteral,
} from '../../../../src/core/text/literals';
import { positionAt } from '../../../../src/core/text/lines';
import { createEngine } from '../../../../src/engine/engine';
import {
  plainMarkdown,
  previewMarkdown,
  type HoverPlace,
} from '../../../../src/host/hover/hoverMarkdown';
import { previewLiteral, type PreviewEngine } from '../../../../src/host/hover/tensorPreview';

const ownEngine = createEngine();
const engine: PreviewEngine = {
  preview: async (request, options) =>
    ownEngine.preview(request, options?.signal ?? new AbortController().signal),
};

/** The hover over the literal at the mark `¦`, as Markdown. */
async function hover(marked: string, languageId: string): Promise<string> {
  // The spaces that keep the columns of a table apart.
  return (await hoverSource(marked, languageId)).replaceAll('&ensp;', '');
}

async function hoverSource(marked: string, languageId: string): Promise<string> {
  const offset = marked.indexOf('¦');
  const text = marked.replace('¦', '');
  const language = languageProfile(languageId);
  const literal = findTensorLiteral(text, offset, language);
  if (!literal) throw new Error(`no literal in ${marked}`);
  const place: HoverPlace = {
    uri: 'file:///a (b)/c.py',
    theme: 'dark',
    lineOf: at => positionAt(text, at).line,
  };
  if (!isTensor(literal)) return plainMarkdown(literal, place);
  const request = { text, literal, language, fallback: defaultConvention };
  const preview = await previewLiteral(request, engine, new AbortController().signal);
  if (!preview.ok) throw new Error(preview.problem.message);
  return previewMarkdown(literal, preview.value, place);
}

function isTensor(literal: TensorLiteral): literal is TensorLiteral & { content: TensorContent } {
  return literal.content.kind === 'tensor';
}

const seed = `{
  "input": [[[[4, 5, 9, 0], [7, 8, 9, 6]], [[2, 1, ¦6, 5], [0, 0, 2, 0]]]],
  "gamma": [2, 2, 2, 2], "beta": [1, 1, 1, 1],
  "moving_mean": [0, 0, 0, 0], "moving_variance": [1, 1, 1, 1],
  "epsilon": 0.001, "momentum": 0.99,
  "training": true, "trainable": true
}`;

describe('previewMarkdown', () => {
  it('previews the seed: summary, rules, channels, values, where the layer is from', async () => {
    const paragraphs = (await hover(seed, 'json')).split('\n\n');
    expect(paragraphs).toEqual([
      '**input** `f32[1,2,2,4] n=16 x∈[0 │█▄·▂▄▄▂▅│ 9] μ=4.00 σ=3.22` [Open in the inspector](command:normscope.inspectAt?%5B%22file%3A%2F%2F%2Fa%20%28b%29%2Fc.py%22%2C13%5D)',
      "**TensorFlow 1\\, fused**: training on, trainable on. The batch's own statistics normalise; the moving ones take them in. A channel has 4 values.",
      [
        '| channel | batch mean | variance | moving mean | variance | output |',
        '|--:|--:|--:|--:|--:|:--|',
        '| 0 | 3.25 | 6.6875 | 0 → 0.0325 | 1 → 1.0792 | -1.513 … 3.9 |',
        '| 1 | 3.5 | 10.25 | 0 → 0.035 | 1 → 1.1267 | -1.186 … 3.811 |',
        '| 2 | 6.5 | 8.25 | 0 → 0.065 | 1 → 1.1 | -2.133 … 2.741 |',
        '| 3 | 2.75 | 7.6875 | 0 → 0.0275 | 1 → 1.0925 | -0.9835 … 3.344 |',
      ].join('\n'),
      'Output:',
      [
        '```text',
        '[[[[   1.58    1.937    2.741  -0.9835]',
        '   [    3.9    3.811    2.741    3.344]]',
        '  [[0.03334  -0.5617   0.6519    2.623]',
        '   [ -1.513   -1.186   -2.133  -0.9835]]]]',
        '```',
      ].join('\n'),
      'From this document: `gamma` (line 3), `beta` (line 3), `moving_mean` (line 4), `moving_variance` (line 4), `epsilon` (line 5), `momentum` (line 5), `training` (line 6), `trainable` (line 6). Defaults: channel axis 3 of N H W C.',
    ]);
  });

  it('says what is a default where the document says nothing', async () => {
    const markdown = await hover('x = np.array([[1, 2], [3, ¦4]])', 'python');
    expect(markdown).toContain(
      'Defaults: gamma 1, beta 0, moving mean 0, moving variance 1, epsilon 0.001, momentum 0.99, channel axis 1 of N C.',
    );
    expect(markdown).toContain('| 0 | 2 | 1 | 0 | 1 | 0.9995 … 2.999 |');
  });

  it('follows the convention that the names mean', async () => {
    const markdown = await hover(
      'running_mean = torch.ones(2)\nx = torch.tensor([[1., 2.], ¦[3., 4.]])',
      'python',
    );
    expect(markdown).toContain('**PyTorch**: module\\.training on');
    expect(markdown).toContain('`running_mean` (line 1)');
    expect(markdown).toContain('1 → 1.1');
  });

  it.each([
    ['{"convention": "keras3", "training": true, "mask": [true, false], "x": [[1, 2], [3, ¦4]]}'],
    ['{"convention": "keras3", "training": true, "mask": [1, 0], "x": [[1, 2], [3, ¦4]]}'],
  ])('leaves masked positions out of the statistics: %s', async text => {
    const markdown = await hover(text, 'json');
    expect(markdown).toContain('The mask keeps 1 of 2 positions.');
    expect(markdown).toContain('A channel has 1 value.');
    expect(markdown).toMatch(/`mask` \(line 1\)/);
    // The batch is its first row, but for the 1e-7 that Keras adds to the count.
    expect(markdown).toMatch(/^\| 0 \| 1 \| /m);
  });

  it('says where a mask has no effect, and where it does not fit', async () => {
    const beside = '"training": true, "mask": [1, 0], "x": [[1, 2], [3, ¦4]]}';
    const ignored = await hover(`{"convention": "pytorch", ${beside}`, 'json');
    expect(ignored).toContain('The mask has no effect in PyTorch: every element counts.');
    expect(ignored).toMatch(/^\| 0 \| 2 \| /m);
    const three = await hover(
      `{"convention": "keras3", ${beside.replace('1, 0', '1, 0, 1')}`,
      'json',
    );
    expect(three).toMatch(/Batch norm: The mask has 3 values\\: it needs 2/);
  });

  it('shows histograms for many values, and tells how many channels are not shown', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `[${i}, 1, 2, 3, 4, ${i === 7 ? 'NaN' : 5}]`);
    const markdown = await hover(`[¦${rows.join(',\n')}]`, 'json');
    expect(markdown).toContain('| … | 2 more |  |  |  |  |');
    expect(markdown).toMatch(/Output: `f32\[40,6\] n=240 x∈\[.* NaN:1`/);
    const image = /!\[[^\]]+\]\(data:image\/svg\+xml;base64,([A-Za-z0-9+/=]+)\)/.exec(markdown);
    expect(image).not.toBeNull();
    expect(Buffer.from(image?.[1] ?? '', 'base64').toString()).toMatch(/^<svg .*<\/svg>$/);
    expect(markdown.length).toBeLessThan(20_000);
  });

  it('shows a vector as it is, without a step', async () => {
    const markdown = await hover('gamma = torch.tensor([1., 2.¦], dtype=torch.float16)', 'python');
    expect(markdown).toBe(
      [
        '**gamma** `f32[2] n=2 x∈[1 │█······█│ 2] μ=1.50 σ=0.500` [Open in the inspector](command:normscope.inspectAt?%5B%22file%3A%2F%2F%2Fa%20%28b%29%2Fc.py%22%2C21%5D)',
        'Declared float16, shown as float32.',
      ].join('\n\n'),
    );
  });

  it('says why there is no step, and keeps the summary', async () => {
    const markdown = await hover('{"gamma": [1, 2, 3], "x": [[1, ¦2], [3, 4]]}', 'json');
    expect(markdown).toContain('`f32[2,2] n=4');
    expect(markdown).toContain('Batch norm: gamma has 3 values\\, but axis 1');
    expect(await hover('{"shape": [3, 2], "x": [[1, ¦2], [3, 4]]}', 'json')).toContain(
      'Batch norm:',
    );
  });

  it('counts what float32 cannot hold', async () => {
    const markdown = await hover('[[16777217, 1e39¦], [1, 2]]', 'json');
    expect(markdown).toContain(
      '1 integer rounded to float32. 1 number beyond float32 became infinite.',
    );
    expect(markdown).toContain('+Inf:1');
  });

  it('shows text of the document as text', async () => {
    const markdown = await hover(
      '{"[a](command:evil) ![i](http://x) <b> `c` | *d*": [[1, ¦2], [3, 4]]}',
      'json',
    );
    expect(markdown).toContain(
      '**\\[a\\]\\(command\\:evil\\) \\!\\[i\\]\\(http\\:\\/\\/x\\) \\<b\\> \\`c\\` \\| \\*d\\***',
    );
  });
});

describe('plainMarkdown', () => {
  it('says what is wrong with a constructor’s literal', async () => {
    expect(await hover('x = np.array([[1, 2], [3¦]])', 'python')).toBe(
      '**x** The literal is ragged at index \\[1\\]\\: it has 1 value where the first of its kind has 2\\.',
    );
  });

  it('says that a printed tensor is cut, with the shape where it was printed', async () => {
    expect(await hover('array([0., 1., ..., ¦9.], shape=(1000,), dtype=float32)', 'log')).toBe(
      'Printed with "…": only 3 of its values are here, so batch norm is not run on it. Its shape is [1000].',
    );
  });

  it('offers the inspector for a literal that is too large', async () => {
    const markdown = await hover(`x = [¦${'[1, 2],\n'.repeat(200_000)}]`, 'python');
    expect(markdown).toMatch(
      /^\*\*x\*\* This literal is larger than .*\n\n\[Open in the inspector\]/,
    );
  });
});
