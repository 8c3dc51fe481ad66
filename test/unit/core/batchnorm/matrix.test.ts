import { describe, expect, it } from 'vitest';
import { conventions } from '../../../../src/core/batchnorm/conventions/registry';
import { flagCombinations } from '../../../../src/core/batchnorm/flags';
import {
  openInspection,
  setConvention,
  setEpsilon,
  setFlags,
  type Inspection,
} from '../../../../src/core/batchnorm/inspection';
import {
  flagMatrix,
  type MatrixCell,
  type MatrixView,
} from '../../../../src/core/batchnorm/matrix';
import type { Statement } from '../../../../src/core/batchnorm/statement';
import { step } from '../../../../src/core/batchnorm/step';
import { channelMoments } from '../../../../src/core/statistics/reference';
import { channelLayout } from '../../../../src/core/tensor/shape';
import type { Tensor } from '../../../../src/core/tensor/tensor';
import { convention, seedImage, tensor, unwrap } from './seed';

const statement: Statement = {
  convention: 'tf1',
  channelAxis: -1,
  epsilon: 0.001,
  momentum: 0.99,
  parameters: { gamma: Float64Array.of(2), beta: Float64Array.of(1) },
};

const open = (change: Partial<Statement> = {}, input = seedImage): Inspection =>
  unwrap(openInspection({ ...statement, ...change }, input.shape, convention('tf1')));

function matrixOf(
  inspection: Inspection,
  allConventions: boolean,
  input: Tensor = seedImage,
): MatrixView {
  const { channelAxis } = inspection.present.layer;
  const batch = channelMoments(input.data, channelLayout(input.shape, channelAxis));
  const element = input.shape.map(() => 0);
  const request = { inspection, batch, channel: 0, element, input: input.data[0] as number };
  return flagMatrix({ ...request, allConventions });
}

const cell = (view: MatrixView, id: string, training: boolean, trainable: boolean): MatrixCell => {
  const cells = view.columns.find(column => column.convention.id === id)?.cells ?? [];
  const found = cells.find(c => c.flags.training === training && c.flags.trainable === trainable);
  if (!found) throw new Error(`no cell for ${id}`);
  return found;
};

describe('the flag matrix', () => {
  it('has one column of four cells for the inspection’s own convention', () => {
    const view = matrixOf(setFlags(open(), { training: true, trainable: false }), false);
    expect(view.columns.map(column => column.convention.id)).toEqual(['tf1']);
    expect(view.columns[0]?.cells.map(c => c.flags)).toEqual(flagCombinations);
    expect(view.columns[0]?.cells.map(c => c.current)).toEqual([false, true, false, false]);
    expect(cell(view, 'tf1', true, true).result).toEqual({
      kind: 'value',
      output: 1.5799984931945801,
      normalizedWith: 'batch',
      updated: true,
      movingMeanAfter: Math.fround(0.03249997),
      movingVarianceAfter: Math.fround(1.0791667),
    });
  });

  it('agrees with the step in every cell', () => {
    const inspection = open();
    const view = matrixOf(inspection, true);
    expect(view.columns.map(column => column.convention.id)).toEqual(conventions.map(c => c.id));
    for (const column of view.columns) {
      const { layer } = setConvention(inspection, convention(column.convention.id)).present;
      for (const { flags, result } of column.cells) {
        const { output, layer: after, trace } = unwrap(step(layer, seedImage, flags));
        expect(result).toEqual({
          kind: 'value',
          output: output.data[0],
          normalizedWith: trace.normalizedWith,
          updated: trace.updated,
          movingMeanAfter: after.movingMean[0],
          movingVarianceAfter: after.movingVariance[0],
        });
      }
    }
  });

  it('marks the current cell in no other column', () => {
    const current = matrixOf(open(), true).columns.flatMap(column =>
      column.cells.filter(c => c.current).map(() => column.convention.id),
    );
    expect(current).toEqual(['tf1']);
  });

  it('keeps the meaning of momentum and a stated epsilon across columns', () => {
    const stated = cell(matrixOf(open(), true), 'pytorch', true, true).result;
    expect(stated).toMatchObject({ movingMeanAfter: Math.fround(0.0325) });
    expect(stated).toMatchObject({ output: 1.5799984931945801 });
  });

  it("takes a column's own defaults where nobody stated or edited", () => {
    const { epsilon: _, momentum: __, ...silent } = statement;
    const inspection = unwrap(openInspection(silent, seedImage.shape, convention('tf1')));
    const result = cell(matrixOf(inspection, true), 'pytorch', true, true).result;
    expect(result).toMatchObject({ movingMeanAfter: Math.fround(0.325) });
    const edited = unwrap(setEpsilon(inspection, 2));
    const outputs = matrixOf(edited, true).columns.map(column => {
      const first = column.cells[2]?.result;
      return first?.kind === 'value' ? first.output : NaN;
    });
    expect(new Set(outputs).size).toBe(1);
  });

  it('says what PyTorch refuses, in the cells where it does', () => {
    const single = tensor([1, 1, 1, 4], [4, 5, 9, 0]);
    const view = matrixOf(open({}, single), true, single);
    for (const trainable of [true, false]) {
      expect(cell(view, 'pytorch', true, trainable).result).toMatchObject({
        kind: 'refused',
        message: expect.stringContaining('Expected more than 1 value per channel') as string,
      });
      expect(cell(view, 'pytorch', false, trainable).result.kind).toBe('value');
      expect(cell(view, 'tf1', true, trainable).result.kind).toBe('value');
    }
  });

  it('refuses a rank for the conventions that do not take it', () => {
    const deep = tensor([2, 1, 1, 1, 2], [1, 2, 3, 4]);
    const view = matrixOf(open({ parameters: {} }, deep), true, deep);
    expect(view.columns.filter(c => c.cells.every(x => x.result.kind === 'refused'))).toMatchObject(
      [{ convention: { id: 'tfjs' } }],
    );
  });
});
