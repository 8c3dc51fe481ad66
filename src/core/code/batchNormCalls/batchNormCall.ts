import type { Convention } from '../../batchnorm/convention';
import type { Statement } from '../../batchnorm/statement';
import type { TextRange } from '../../problem';
import type { Call } from '../calls';
import type { CallFamily } from './callFamily';
import type { CallInput } from './callInput';
import type { ArgumentRole } from './roles';

/** A call of batch norm in code, as far as it can be told without running it. */
export interface BatchNormCall {
  readonly family: CallFamily;
  readonly call: Call;
  /** What is called, as spelled: `nn.BatchNorm2d`. */
  readonly name: string;
  /** The same with its module's name, as imported or assumed. */
  readonly canonicalName: string;
  /** Of what is called, without its arguments. */
  readonly range: TextRange;
  /** With its arguments. */
  readonly wholeRange: TextRange;
  readonly convention: Convention;
  /** What the call and what was done to its layer say; what nobody said is a default. */
  readonly statement: Statement;
  /** The arguments that say something about batch norm, in their order; those of the layer's own call are among them. */
  readonly arguments: readonly ReadArgument[];
  /** Of the call of the layer that this call makes, where the file has it. */
  readonly application: Call | undefined;
  /** Variable or attribute that the layer is assigned to, or its `name`; empty where nothing names it. */
  readonly layerName: string;
  /** As stated, or as many as a parameter has values. */
  readonly channels: number | undefined;
  readonly input: CallInput;
  /** Whether the call, or that of its layer, decides about training. */
  readonly decidesTraining: boolean;
  /** What was taken for granted, in sentences. */
  readonly assumed: readonly string[];
}

/** One argument, by what it says. */
export interface ReadArgument {
  readonly role: ArgumentRole;
  /** The parameter's name in the signature. */
  readonly name: string;
  /** As it stands in the text, shortened. */
  readonly text: string;
  readonly range: TextRange;
  /** Why its value is not known; absent where it is. */
  readonly unknown?: string;
}

/** Arguments whose values cannot be told without running the code. */
export function unknownArguments({
  arguments: given,
}: Pick<BatchNormCall, 'arguments'>): readonly (ReadArgument & { readonly unknown: string })[] {
  return given.filter(
    (argument): argument is ReadArgument & { readonly unknown: string } =>
      argument.unknown !== undefined,
  );
}
