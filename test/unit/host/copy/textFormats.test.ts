import { describe, expect, it } from 'vitest';
import { tf1 } from '../../../../src/core/batchnorm/conventions/tf1';
import { findConvention } from '../../../../src/core/batchnorm/conventions/registry';
import {
  commitSteps,
  openInspection,
  setEpsilon,
  setParameter,
  type Inspection,
} from '../../../../src/core/batchnorm/inspection';
import type { Result } from '../../../../src/core/problem';
import { parseRunFile } from '../../../../src/core/text/parseRunFile';
import type { Shape } from '../../../../src/core/tensor/shape';
import { csvFormat } from '../../../../src/host/copy/csvFormat';
import { jsonFormat } from '../../../../src/host/copy/jsonFormat';
import { reportFormat } from '../../../../src/host/copy/reportFormat';
import { copyFormats } from '../../../../src/host/copy/registry';
import { runFileText } from '../../../../src/host/copy/runFileText';
import { resultsOf } from './results';

const results = resultsOf({
  shape: [1, 2, 2, 3],
  statement: { convention: 'tf1', training: true, parameters: { gamma: Float64Array.of(2) } },
});

describe('CSV', () => {
  it('has a head and a row for each channel, all of one width', () => {
    const lines = csvFormat.write(results).trimEnd().split('\n');
    expect(lines).toHaveLength(4);
    const widths = new Set(lines.map(line => line.split(',').length));
    expect([...widths]).toEqual([18]);
    expect(lines[1]?.split(',').slice(0, 4)).toEqual(['0', '4', '2', '0']);
  });
});

describe('JSON', () => {
  it('is what the command line prints', () => {
    const parsed = JSON.parse(jsonFormat.write(results)) as Record<string, unknown>;
    expect(parsed).toMatchObject({
      convention: 'tf1',
      flags: { training: true, trainable: true },
      shape: [1, 2, 2, 3],
      channelAxis: 3,
    });
    expect(parsed.channels).toHaveLength(3);
    expect((parsed.output as { data: unknown[] }).data).toHaveLength(12);
  });
});

describe('the report', () => {
  it('has the layer, the verdict, and each finding with its evidence and threads', () => {
    const report = reportFormat.write(
      resultsOf({
        shape: [32, 3],
        statement: {
          convention: 'keras3',
          training: false,
          parameters: {
            movingMean: Float64Array.of(9, 0.1, 0),
            movingVariance: Float64Array.of(1, 2, 3),
          },
        },
      }),
    );
    expect(report).toMatch(/^### Batch norm report \(Normscope\)\n\n\| input \| `x` \[32,3\] \|/);
    expect(report).toMatch(/^\| flags \| training false, trainable true \|$/m);
    expect(report).toMatch(/^#### warning: drift$/m);
    expect(report).toMatch(/^\| channel \| batch mean \| moving mean /m);
    expect(report).toMatch(/^\| 0 \| .* \| 9 \| /m);
    expect(report).toContain('[pytorch#5406](https://github.com/pytorch/pytorch/issues/5406)');
    expect(report).not.toMatch(/undefined|NaN/);
  });

  it('says where nothing was found', () => {
    const sound = {
      movingMean: Float64Array.of(0.5, 0.5, 0.5),
      movingVariance: Float64Array.of(3, 3, 3),
    };
    const shape = [300, 3];
    const statement = { convention: 'keras3', training: false, parameters: sound };
    expect(reportFormat.write(resultsOf({ shape, statement }))).toContain(
      'Nothing wrong was found',
    );
  });
});

it('lists every format once', () => {
  expect(copyFormats.map(({ id }) => id)).toEqual(['json', 'csv', 'numpy', 'pytorch', 'report']);
});

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

function open(shape: Shape, id: string): Inspection {
  const convention = valueOf(findConvention(id));
  return valueOf(openInspection({ parameters: {} }, shape, convention));
}

const shapes: readonly Shape[] = [
  [5],
  [1],
  [2, 3],
  [1, 1],
  [2, 1, 3],
  [1, 2, 2, 4],
  [2, 1, 2, 1, 3],
];

describe('a saved run file', () => {
  it.each(shapes.map(shape => [shape.join('×'), shape] as const))(
    'of shape %s reads back to the same inspection',
    (_, shape) => {
      let inspection = open(shape, shape.length === 1 ? 'tf1' : 'keras3');
      inspection = valueOf(setEpsilon(inspection, 1.5e-5));
      inspection = valueOf(setParameter(inspection, 'gamma', 0, 0.1));
      inspection = valueOf(setParameter(inspection, 'movingVariance', 0, NaN));
      const { layer } = inspection.present;
      inspection = commitSteps(
        inspection,
        {
          ...layer,
          movingMean: layer.movingMean.map(() => Math.fround(0.03249997)),
          batchesTracked: 2,
        },
        2,
      );
      const size = shape.reduce((a, b) => a * b, 1);
      const input = Float32Array.from(
        { length: size },
        (_, i) => [0.1, -0, 1e-40, -Infinity, NaN, 3][i % 6] as number,
      );
      const text = [...runFileText(inspection, input)].join('');
      const parsed = parseRunFile(text);
      if (!parsed.ok) throw new Error(`${text}\n${JSON.stringify(parsed.problems)}`);
      expect(parsed.value.input).toEqual({ shape, dtype: 'float32', data: input });
      const again = valueOf(openInspection(parsed.value.statement, shape, layer.convention));
      expect(again.flags).toEqual(inspection.flags);
      expect(again.present.layer).toEqual(inspection.present.layer);
      expect(parsed.value.unknownKeys).toEqual([]);
    },
  );

  it('keeps masks, renormalisation and virtual batches', () => {
    const stated = {
      momentum: 0.9,
      clipping: { rmin: 0.5, dmax: 2 },
      state: { mean: [1, 2, NaN], stddev: [0.25, 1, 3], movingStddev: [1, 1.5, 2] },
    };
    const shape = [2, 3];
    const mask = { shape: [2], dtype: 'bool' as const, data: Uint8Array.of(1, 0) };
    for (const option of [{ renorm: stated }, { virtualBatchSize: 2 }]) {
      const opened = valueOf(openInspection({ parameters: {}, ...option }, shape, tf1));
      const text = [...runFileText(opened, new Float32Array(6), mask)].join('');
      const parsed = parseRunFile(text);
      if (!parsed.ok) throw new Error(`${text}\n${JSON.stringify(parsed.problems)}`);
      expect(parsed.value.mask).toEqual(mask);
      const again = valueOf(openInspection(parsed.value.statement, shape, tf1));
      expect(again.present.layer).toEqual(opened.present.layer);
    }
  });

  it('keeps a cumulative momentum', () => {
    const text = [
      ...runFileText({ ...open([2, 3], 'pytorch'), ...withMomentum(null) }, new Float32Array(6)),
    ].join('');
    expect(text).toContain('"momentum": null');
    const parsed = parseRunFile(text);
    expect(parsed.ok && parsed.value.statement.momentum).toBeNull();
  });

  it('reads well: a line for each row of the last axis', () => {
    const input = Float32Array.of(4, 5, 9, 0, 7, 8, 9, 6, 2, 1, 6, 5, 0, 0, 2, 0);
    const text = [...runFileText(open([1, 2, 2, 4], 'tf1'), input)].join('');
    expect(text).toContain(
      '  "input": [\n    [\n      [\n        [4, 5, 9, 0],\n        [7, 8, 9, 6]\n      ],\n      [\n        [2, 1, 6, 5],\n        [0, 0, 2, 0]\n      ]\n    ]\n  ],\n',
    );
  });

  it('comes in pieces where it is long', () => {
    const pieces = [...runFileText(open([4000, 2], 'tf1'), new Float32Array(8000))];
    expect(pieces.length).toBeGreaterThan(8);
    expect(parseRunFile(pieces.join('')).ok).toBe(true);
  });
});

function withMomentum(momentum: number | null): Pick<Inspection, 'present'> {
  const { present } = open([2, 3], 'pytorch');
  return { present: { ...present, layer: { ...present.layer, momentum } } };
}
