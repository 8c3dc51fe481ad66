import type { StoredDType } from '../../tensor/storedDType';

/** How a ggml_type stores elements: plainly, or in blocks that share scales. */
export type GgmlType =
  | { readonly kind: 'plain'; readonly stored: StoredDType }
  | {
      readonly kind: 'blocks';
      readonly name: string;
      /** Elements of a block, and its bytes. */
      readonly elements: number;
      readonly bytes: number;
    };

const plain = (stored: StoredDType): GgmlType => ({ kind: 'plain', stored });
const blocks = (name: string, elements: number, bytes: number): GgmlType => ({
  kind: 'blocks',
  name,
  elements,
  bytes,
});

/** By number. Source: ggml.h (ggml_type), gguf-py gguf/constants.py (GGML_QUANT_SIZES). */
export const ggmlTypes: ReadonlyMap<number, GgmlType> = new Map([
  [0, plain('float32')],
  [1, plain('float16')],
  [2, blocks('Q4_0', 32, 18)],
  [3, blocks('Q4_1', 32, 20)],
  [6, blocks('Q5_0', 32, 22)],
  [7, blocks('Q5_1', 32, 24)],
  [8, blocks('Q8_0', 32, 34)],
  [9, blocks('Q8_1', 32, 36)],
  [10, blocks('Q2_K', 256, 84)],
  [11, blocks('Q3_K', 256, 110)],
  [12, blocks('Q4_K', 256, 144)],
  [13, blocks('Q5_K', 256, 176)],
  [14, blocks('Q6_K', 256, 210)],
  [15, blocks('Q8_K', 256, 292)],
  [16, blocks('IQ2_XXS', 256, 66)],
  [17, blocks('IQ2_XS', 256, 74)],
  [18, blocks('IQ3_XXS', 256, 98)],
  [19, blocks('IQ1_S', 256, 50)],
  [20, blocks('IQ4_NL', 32, 18)],
  [21, blocks('IQ3_S', 256, 110)],
  [22, blocks('IQ2_S', 256, 82)],
  [23, blocks('IQ4_XS', 256, 136)],
  [24, plain('int8')],
  [25, plain('int16')],
  [26, plain('int32')],
  [27, plain('int64')],
  [28, plain('float64')],
  [29, blocks('IQ1_M', 256, 56)],
  [30, plain('bfloat16')],
  [34, blocks('TQ1_0', 256, 54)],
  [35, blocks('TQ2_0', 256, 66)],
  [39, blocks('MXFP4', 32, 17)],
]);
