import type { Tensor } from '../tensor/tensor';

/** A part of a tensor on its way out, and what it is of. */
export interface ExportedSlice {
  readonly tensor: Tensor;
  /** `x[0, :, ::2, 3]`. */
  readonly text: string;
  /** `output of domain-shift.bn.json, PyTorch`. */
  readonly what: string;
  /** Names of the axes that are left, one each. */
  readonly axisNames: readonly string[];
}

/** A way to write a slice. Pure; each is a file beside this one and a line in the registry. */
export interface ExportFormat {
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  /** Of its files, without the dot; absent for code, which goes to the clipboard alone. */
  readonly extension?: string;
  /** Elements that it is fit for. */
  readonly mostElements: number;
  /** Text comes in pieces, so that others have their turn between two. */
  readonly write: (slice: ExportedSlice) => Uint8Array | Iterable<string>;
}

/** Elements that somebody would read as code. */
export const mostInCode = 10_000;

/** Elements of a text file that editors and spreadsheets still open. */
export const mostInText = 5_000_000;
