import { describe, expect, it } from 'vitest';
import { tf1 } from '../../../../src/core/batchnorm/conventions/tf1';
import { pytorch } from '../../../../src/core/batchnorm/conventions/pytorch';
import { undo } from '../../../../src/core/batchnorm/history';
import {
  commitSteps,
  openInspection,
  setParameter,
  type Inspection,
} from '../../../../src/core/batchnorm/inspection';
import type { Statement } from '../../../../src/core/batchnorm/statement';
import type { Result } from '../../../../src/core/problem';
import {
  freshView,
  parseSavedInspection,
  saveInspection,
} from '../../../../src/host/inspection/saved';

const source = { kind: 'resource', uri: 'file:///seed.bn.json' } as const;

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

const statement: Statement = {
  momentum: null,
  channelAxis: 1,
  parameters: {
    gamma: Float64Array.of(1, -0, NaN),
    movingVariance: Float64Array.of(1, Infinity, -1),
  },
};

function inspection(steps = 0): Inspection {
  let now = valueOf(openInspection(statement, [4, 3, 2], pytorch));
  for (let k = 0; k < steps; k++) {
    const layer = { ...now.present.layer, movingMean: Float64Array.of(k, k + 1, k + 2) };
    now = commitSteps(now, layer, 1);
  }
  return now;
}

function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe('a saved inspection', () => {
  it('comes back the same to the last bit, special values included', () => {
    const edited = valueOf(setParameter(inspection(3), 'beta', 1, Infinity));
    const saved = throughJson(saveInspection(source, freshView, edited));
    const read = parseSavedInspection(saved);
    expect(read?.inspection).toEqual(edited);
    expect(Object.is(read?.inspection?.present.layer.gamma[1], -0)).toBe(true);
    expect(read).toMatchObject({ source, view: freshView, forgotten: 0 });
  });

  it('keeps renormalisation and virtual batches', () => {
    const renorm = { momentum: 0.9, clipping: { rmax: 2 }, state: { mean: [1, NaN, 3] } };
    for (const option of [{ renorm }, { virtualBatchSize: 2 }]) {
      const before = valueOf(openInspection({ parameters: {}, ...option }, [4, 3], tf1));
      const read = parseSavedInspection(throughJson(saveInspection(source, freshView, before)));
      expect(read?.inspection?.present.layer).toEqual(before.present.layer);
    }
  });

  it('can still be undone to its base', () => {
    const read = parseSavedInspection(
      throughJson(saveInspection(source, freshView, inspection(1))),
    );
    if (!read?.inspection) throw new Error('nothing read');
    const back = undo(read.inspection);
    expect(back.present).toEqual(back.base);
    expect(back.past).toEqual([]);
  });

  it('can still be redone', () => {
    const undone = undo(undo(inspection(3)));
    const read = parseSavedInspection(throughJson(saveInspection(source, freshView, undone)));
    expect(read?.inspection).toEqual(undone);
    expect(read?.inspection?.future.map(({ label }) => label)).toEqual(['step 2', 'step 3']);
  });

  it('has nothing to redo where it was saved by a version that could not', () => {
    const saved = throughJson(saveInspection(source, freshView, undo(inspection(2))));
    const { future, ...older } = saved as Record<string, unknown>;
    expect(future).toHaveLength(1);
    expect(parseSavedInspection(older)?.inspection?.future).toEqual([]);
  });

  it('is its own base where nothing was changed', () => {
    const read = parseSavedInspection(throughJson(saveInspection(source, freshView, inspection())));
    expect(read?.inspection?.present).toBe(read?.inspection?.base);
  });

  it('writes vectors that states share only once', () => {
    const few = JSON.stringify(saveInspection(source, freshView, inspection(1))).length;
    const many = JSON.stringify(saveInspection(source, freshView, inspection(101))).length;
    expect((many - few) / 100).toBeLessThan(220);
  });

  it('forgets the oldest states of a history that is too large, and counts them', () => {
    const full = inspection(50);
    const read = parseSavedInspection(throughJson(saveInspection(source, freshView, full, 60)));
    expect(read?.forgotten).toBeGreaterThan(0);
    const past = read?.inspection?.past ?? [];
    expect(past.length + (read?.forgotten ?? 0)).toBe(50);
    expect(past.at(-1)?.label).toBe('step 50');
  });

  it('remembers a source that could not be read', () => {
    const read = parseSavedInspection(throughJson(saveInspection(source, freshView, undefined)));
    expect(read?.source).toEqual(source);
    expect(read?.inspection).toBeUndefined();
  });

  it.each([null, 7, {}, { version: 2, source }, { version: 1, source: { kind: 'x' } }])(
    'is not %j',
    value => {
      expect(parseSavedInspection(value)).toBeUndefined();
    },
  );

  it('opens the source alone where the rest was tampered with', () => {
    const saved = throughJson(saveInspection(source, freshView, inspection(2))) as object;
    for (const broken of [{ vectors: [] }, { past: 'x' }, { flags: null }, { present: {} }]) {
      const read = parseSavedInspection({ ...saved, ...broken });
      expect(read?.source).toEqual(source);
      expect(read?.inspection).toBeUndefined();
    }
  });
});
