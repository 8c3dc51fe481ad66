import type { Problem, TextRange } from '../problem';
import type { Shape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';

/** A nested numeric literal found in text. */
export interface TensorLiteral {
  /** Its brackets, the outermost ones. */
  readonly range: TextRange;
  /** With the constructor around it and what is chained to that; `range` for a bare literal. */
  readonly outerRange: TextRange;
  /** The constructor as spelled (`np.array`); empty for a bare literal. */
  readonly call: string;
  /** What it is assigned to, or empty. */
  readonly name: string;
  /** How it is named, which says where its siblings are. */
  readonly assignedBy: '=' | ':' | '';
  /** As the source says; the values are float32 whatever it says. */
  readonly declaredDType?: string;
  readonly content: LiteralContent;
}

export type LiteralContent =
  | TensorContent
  /** A literal that makes no tensor: ragged, too deep, a shape that does not fit. */
  | { readonly kind: 'malformed'; readonly problem: Problem }
  /** Printed with `...`: what was left out is unknown, so this is not the whole tensor. */
  | { readonly kind: 'elided'; readonly shown: number; readonly shape?: Shape }
  /** Its end, or its beginning, is further away than the finder looks. */
  | { readonly kind: 'tooLarge'; readonly problem: Problem };

export interface TensorContent {
  readonly kind: 'tensor';
  /** float32. */
  readonly tensor: Tensor;
  /** Integers that float32 rounded. */
  readonly rounded: number;
  /** Finite numbers beyond float32, which became infinite. */
  readonly overflowed: number;
  /** Digits after the point that its printer shows at most: the values are rounded to them. */
  readonly printedDigits?: number;
}

export interface FindOptions {
  /** Characters to look at in each direction; 1 MiB unless told. */
  readonly limit?: number;
}

export const defaultLimit = 1 << 20;
