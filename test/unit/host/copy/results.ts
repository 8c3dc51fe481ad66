import { findConvention } from '../../../../src/core/batchnorm/conventions/registry';
import { diagnose } from '../../../../src/core/batchnorm/diagnose/registry';
import { openInspection } from '../../../../src/core/batchnorm/inspection';
import { step } from '../../../../src/core/batchnorm/step';
import type { Statement } from '../../../../src/core/batchnorm/statement';
import { sizeOf, type Shape } from '../../../../src/core/tensor/shape';
import type { Results } from '../../../../src/host/copy/copyFormat';

export interface ResultsRequest {
  readonly shape: Shape;
  readonly data?: Float32Array;
  readonly statement: Partial<Statement> & { readonly convention: string };
}

/** The reference's results for a small case. */
export function resultsOf({ shape, data, statement }: ResultsRequest): Results {
  const convention = findConvention(statement.convention);
  if (!convention.ok) throw new Error(convention.problem.message);
  const opened = openInspection({ parameters: {}, ...statement }, shape, convention.value);
  if (!opened.ok) throw new Error(opened.problem.message);
  const inspection = opened.value;
  const input = data ?? ramp(sizeOf(shape));
  const { layer } = inspection.present;
  const done = step(layer, { shape, dtype: 'float32', data: input }, inspection.flags);
  if (!done.ok) throw new Error(done.problem.message);
  const { trace, output } = done.value;
  const findings = diagnose({ layer, trace, rank: shape.length, flags: inspection.flags });
  return {
    inspection,
    trace,
    findings,
    inputName: 'x',
    dtype: 'float32',
    input,
    output: output.data,
  };
}

/** Numbers without a pattern that an axis mixed up would leave in place. */
function ramp(size: number): Float32Array {
  return Float32Array.from({ length: size }, (_, i) => ((i * 37) % 23) / 4 - 2);
}
