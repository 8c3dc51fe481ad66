import { formatFloat32 } from '../text/format';
import { formatShape } from '../tensor/shape';
import type { DType, Tensor } from '../tensor/tensor';
import { mostInCode, type ExportedSlice, type ExportFormat } from './exportFormat';
import { nestedLists } from './nested';

/** What a language or a library needs to make the tensor again. */
interface Language {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  readonly comment: string;
  readonly nan: string;
  readonly infinity: string;
  readonly yes: string;
  readonly no: string;
  readonly dtypes: Readonly<Record<DType, string>>;
  /** Lines before the value, and the value around its lists. */
  readonly imports: readonly string[];
  readonly around: (lists: string, dtype: string, slice: ExportedSlice) => string;
}

const python = { comment: '#', yes: 'True', no: 'False' };

const languages: readonly Language[] = [
  {
    ...python,
    id: 'numpy',
    label: 'NumPy',
    detail: 'x = np.array([…], dtype=np.float32)',
    nan: 'np.nan',
    infinity: 'np.inf',
    dtypes: { float32: 'np.float32', float64: 'np.float64', int32: 'np.int32', bool: 'np.bool_' },
    imports: ['import numpy as np'],
    around: (lists, dtype, { tensor }) =>
      `x = np.array(${lists}, dtype=${dtype})${emptyShape(tensor, 'reshape')}`,
  },
  {
    ...python,
    id: 'pytorch',
    label: 'PyTorch',
    detail: 'x = torch.tensor([…], dtype=torch.float32)',
    nan: 'torch.nan',
    infinity: 'torch.inf',
    dtypes: {
      float32: 'torch.float32',
      float64: 'torch.float64',
      int32: 'torch.int32',
      bool: 'torch.bool',
    },
    imports: ['import torch'],
    around: (lists, dtype, { tensor }) =>
      `x = torch.tensor(${lists}, dtype=${dtype})${emptyShape(tensor, 'reshape')}`,
  },
  {
    ...python,
    id: 'tensorflow',
    label: 'TensorFlow',
    detail: 'x = tf.constant([…], dtype=tf.float32)',
    nan: "float('nan')",
    infinity: "float('inf')",
    dtypes: { float32: 'tf.float32', float64: 'tf.float64', int32: 'tf.int32', bool: 'tf.bool' },
    imports: ['import tensorflow as tf'],
    around: (lists, dtype, { tensor }) =>
      `x = tf.constant(${lists}, dtype=${dtype}, shape=${formatShape(tensor.shape)})`,
  },
  {
    id: 'javascript',
    label: 'JavaScript (tfjs)',
    detail: "const x = tf.tensor([…], [2, 3], 'float32')",
    comment: '//',
    nan: 'NaN',
    infinity: 'Infinity',
    yes: 'true',
    no: 'false',
    // tfjs has no float64.
    dtypes: { float32: 'float32', float64: 'float32', int32: 'int32', bool: 'bool' },
    imports: [],
    around: (lists, dtype, { tensor }) =>
      `const x = tf.tensor(${lists}, ${formatShape(tensor.shape)}, '${dtype}');`,
  },
];

/** An empty list tells no shape but the outermost sizes. */
function emptyShape({ shape, data }: Tensor, call: string): string {
  return data.length === 0 ? `.${call}(${shape.join(', ')})` : '';
}

/** A slice as a line of code, in each language. */
export const codeExports: readonly ExportFormat[] = languages.map(codeExport);

function codeExport(language: Language): ExportFormat {
  const { id, label, detail, comment, imports } = language;
  return {
    ...{ id, label, detail },
    mostElements: mostInCode,
    write: slice => {
      const { dtype } = slice.tensor;
      const lists = [...nestedLists(slice.tensor, { number: spell(language, dtype) })].join('');
      // A comment ends with its line, whatever the names in it.
      const what = `${slice.what}, ${slice.text}`.replace(/\s+/g, ' ');
      return [
        `${comment} ${what}\n`,
        ...imports.map(line => `${line}\n`),
        `${language.around(lists, language.dtypes[dtype], slice)}\n`,
      ];
    },
  };
}

function spell({ nan, infinity, yes, no }: Language, dtype: DType): (x: number) => string {
  if (dtype === 'bool') return x => (x === 0 ? no : yes);
  const finite = dtype === 'float64' ? String : formatFloat32;
  return x => {
    if (Number.isNaN(x)) return nan;
    if (!Number.isFinite(x)) return x > 0 ? infinity : `-${infinity}`;
    const text = Object.is(x, -0) ? '-0' : finite(x);
    return dtype === 'int32' || /[.e]/.test(text) ? text : `${text}.0`;
  };
}
