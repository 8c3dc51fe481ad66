import { execFileSync } from 'node:child_process';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import type { ExportedSlice } from '../../../../src/core/export/exportFormat';
import { nestedLists } from '../../../../src/core/export/nested';
import { exportFormats } from '../../../../src/core/export/registry';
import { npy } from '../../../../src/core/formats/npy';
import { parseRunFile } from '../../../../src/core/text/parseRunFile';
import { sizeOf, type Shape } from '../../../../src/core/tensor/shape';
import type { DType, TensorData } from '../../../../src/core/tensor/tensor';
import { fakeSource } from '../formats/fakeSource';
import { never, services } from '../formats/fixtures';

/** Debian's, which has the frameworks. */
const python3 = '/usr/bin/python3';

const special = [
  0.1,
  -0,
  1,
  NaN,
  Infinity,
  -Infinity,
  3.4028234663852886e38,
  1e-45,
  -2.5,
  16777217,
];

function slice(shape: Shape, dtype: DType = 'float32'): ExportedSlice {
  const make = {
    float32: Float32Array,
    float64: Float64Array,
    int32: Int32Array,
    bool: Uint8Array,
  };
  const data: TensorData = new make[dtype](sizeOf(shape)).map((_: number, i: number) => {
    if (dtype === 'bool') return i % 2;
    return dtype === 'int32' ? i - 3 : (special[i % special.length] as number);
  });
  const axisNames = shape.map((_, axis) => 'NHWC'[axis] ?? 'd');
  return { tensor: { shape, dtype, data }, text: 'x[0, :]', what: 'input of a.npy', axisNames };
}

function textOf(id: string, of: ExportedSlice): string {
  const written = exportFormats.find(format => format.id === id)?.write(of);
  if (!written || written instanceof Uint8Array) throw new Error(`${id} writes no text`);
  return [...written].join('');
}

const numbers = (data: TensorData): number[] => Array.from(data);

describe('nested lists', () => {
  it.each<[Shape, string]>([
    [[], '0.5'],
    [[3], '[0.5, 0.5, 0.5]'],
    [[2, 2], '[[0.5, 0.5],\n [0.5, 0.5]]'],
    [[2, 1, 2], '[[[0.5, 0.5]],\n [[0.5, 0.5]]]'],
    [[1, 2, 1], '[[[0.5],\n  [0.5]]]'],
    [[2, 0], '[[], []]'],
    [[0], '[]'],
  ])('of %j', (shape, text) => {
    const data = new Float32Array(sizeOf(shape)).fill(0.5);
    const written = [...nestedLists({ shape, dtype: 'float32', data }, { number: String })].join(
      '',
    );
    expect(written).toBe(text);
  });
});

describe('a slice that is taken away', () => {
  const shapes: readonly Shape[] = [[], [10], [5, 2], [2, 5, 1], [2, 2, 3, 2]];

  it.each(shapes.map(shape => ({ shape })))(
    'as .npy of $shape is read back exactly',
    async ({ shape }) => {
      for (const dtype of ['float32', 'float64', 'int32', 'bool'] as const) {
        const of = slice(shape, dtype);
        const file = exportFormats.find(({ id }) => id === 'npy')?.write(of);
        if (!(file instanceof Uint8Array)) throw new Error('no bytes');
        const catalog = await npy.open(fakeSource('a.npy', file), services, never);
        const [entry] = catalog.entries;
        expect(entry?.shape).toEqual(shape);
        if (entry?.content.kind !== 'readable') throw new Error('it cannot be read');
        const read = await entry.content.read({ signal: never });
        expect(numbers(read.data)).toEqual(numbers(of.tensor.data));
      }
    },
  );

  it.each(shapes.slice(1).map(shape => ({ shape })))(
    'as JSON of $shape opens again',
    ({ shape }) => {
      const of = slice(shape);
      const parsed = parseRunFile(textOf('json', of));
      if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
      expect(parsed.value.input.shape).toEqual(shape);
      expect(numbers(parsed.value.input.data)).toEqual(numbers(of.tensor.data));
    },
  );

  it('as CSV is a matrix, or a row for each element of more axes', () => {
    expect(textOf('csv', slice([2, 2]))).toBe('0.1,-0\n1,nan\n');
    expect(textOf('csv', slice([3]))).toBe('0.1,-0,1\n');
    expect(textOf('csv', slice([1, 2, 2], 'int32'))).toBe(
      'N,H,W,value\n0,0,0,-3\n0,0,1,-2\n0,1,0,-1\n0,1,1,0\n',
    );
  });

  it('as JavaScript evaluates to the same numbers', () => {
    for (const shape of shapes) {
      const of = slice(shape);
      const tf = {
        tensor: (values: unknown, size: number[], dtype: string) => ({
          values: [values].flat(9),
          size,
          dtype,
        }),
      };
      const code = textOf('javascript', of);
      const made = runInNewContext(`${code}; x`, { tf }) as { values: number[]; size: number[] };
      expect([...made.size]).toEqual(shape);
      expect(Array.from(made.values, Math.fround)).toEqual(numbers(of.tensor.data));
    }
  });

  const python = (id: string, of: ExportedSlice): string => {
    const code = `${textOf(id, of)}
import numpy as np
a = np.asarray(x)
print(list(a.shape), str(a.dtype), a.tobytes().hex())`;
    return execFileSync(python3, ['-c', code], { encoding: 'utf8' }).trim();
  };
  const has = (module: string): boolean => {
    try {
      execFileSync(python3, ['-c', `import ${module}`], { stdio: 'ignore' });
      return true;
    } catch {
      console.warn(`python3 has no ${module} here: what is written for it is not run`);
      return false;
    }
  };

  describe.each([
    ['numpy', 'numpy'],
    ['pytorch', 'torch'],
  ])('as %s code', (id, module) => {
    it.runIf(has('numpy') && has(module))(
      'runs, and makes the same bits',
      { timeout: 60_000 },
      () => {
        for (const shape of [[], [10], [2, 5, 1], [2, 0, 3]]) {
          for (const dtype of ['float32', 'int32', 'bool'] as const) {
            const of = slice(shape, dtype);
            const { data } = of.tensor;
            const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
            expect(python(id, of)).toBe(
              `[${shape.join(', ')}] ${dtype} ${bytes.toString('hex')}`.trim(),
            );
          }
        }
      },
    );
  });
});
