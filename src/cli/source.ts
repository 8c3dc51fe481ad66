import { existsSync } from 'node:fs';
import type { FoundLayer } from '../core/batchnorm/findLayers';
import type { IncompleteLayer } from '../core/batchnorm/incompleteLayers';
import type { Statement } from '../core/batchnorm/statement';
import type { TensorEntry } from '../core/formats/catalog';
import type { EntrySummary } from '../core/formats/entrySummary';
import { fail, ok, type Problem, type Result, type TextRange } from '../core/problem';
import type { Shape } from '../core/tensor/shape';
import type { Tensor } from '../core/tensor/tensor';
import type { JsonDocument } from '../core/text/jsonDocument';
import type { Position } from '../core/text/lines';

/** A file, or standard input, that has been opened. */
export interface Source {
  /** As the command line names it. */
  readonly label: string;
  /** Line and column of an offset, found by reading up to it; undefined where there are none. */
  readonly positionOf: (offset: number) => Position | undefined;
  /** Undefined for text that is not JSON, and for tensor files. */
  readonly document: JsonDocument | undefined;
  readonly tensors: readonly SourceTensor[];
  /** Those that a tensor file was found to hold; a document is asked by name instead. */
  readonly layers: readonly SourceLayer[];
  /** Layers of a tensor file that cannot be read as such, with the reasons. */
  readonly incomplete?: readonly IncompleteLayer[];
  /** What a user should know of the file. */
  readonly notes: readonly string[];
  /** Parts of it that could not be read, in sentences. */
  readonly lost?: readonly string[];
}

/** A tensor of a source. Of a tensor file, nothing is read before it is asked for. */
export interface SourceTensor {
  readonly name: string;
  readonly shape: Shape;
  /** As stored. */
  readonly dtype: string;
  readonly bytes: number;
  /** Where it stands in a text. */
  readonly range?: TextRange;
  /** Reads any part of it, as it is stored. */
  readonly entry: TensorEntry;
  /** Reads it whole, as the engine holds tensors. */
  readonly load: () => Promise<Result<LoadedTensor>>;
  /** Reads it piece by piece, where that can be. */
  readonly summarize: () => Promise<Result<EntrySummary>>;
}

export interface LoadedTensor {
  readonly tensor: Tensor;
  readonly notes: readonly string[];
}

/** A batch-norm layer of a tensor file. */
export interface SourceLayer {
  readonly found: FoundLayer;
  readonly read: () => Promise<Result<Statement>>;
}

/** `FILE` or `FILE#NAME`. */
export interface Target {
  readonly source: Source;
  readonly name: string | undefined;
}

/** Cuts at the last `#` that has a file before it; at the first of all where none has. */
export function splitOperand(operand: string): {
  readonly path: string;
  readonly name: string | undefined;
} {
  const first = operand.indexOf('#');
  if (first < 0 || existsSync(operand)) return { path: operand, name: undefined };
  let cut = first;
  for (let i = first; i >= 0; i = operand.indexOf('#', i + 1)) {
    const path = operand.slice(0, i);
    if (path === '-' || existsSync(path)) cut = i;
  }
  return { path: operand.slice(0, cut), name: operand.slice(cut + 1) };
}

type Placed = Pick<Source, 'label' | 'positionOf'>;

/** A problem with its place before it: `seed.bn.json:3:14: …`. */
export function placed({ label, positionOf }: Placed, problem: Problem): string {
  const position = problem.range && positionOf(problem.range.start);
  if (!position) return `${label}: ${problem.message}`;
  return `${label}:${position.line}:${position.column}: ${problem.message}`;
}

export function failAt(source: Placed, problem: Problem): Result<never> {
  return fail(problem.code, placed(source, problem));
}

/** What a user should know of a file, with its name before it. */
export function notesOf({ label, notes }: Source): string[] {
  return notes.map(note => `${label}: ${note}`);
}

/** A sentence of a tensor file as the problems of documents are. */
export function asNote(message: string): Problem {
  return { code: 'file-note', severity: 'note', message };
}

/** @returns a problem that lists the names there are */
export function findTensor(source: Source, name: string): Result<SourceTensor> {
  const found = source.tensors.find(tensor => tensor.name === name);
  if (found) return ok(found);
  return fail(
    'no-such-tensor',
    `${source.label} has no tensor "${name}": it holds ${listNames(source)}.`,
  );
}

export function listNames({ tensors }: Source): string {
  const names = tensors.slice(0, 12).map(({ name }) => name);
  if (names.length === 0) return 'no tensors';
  const more = tensors.length - names.length;
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}
