import type { Convention } from '../../batchnorm/convention';
import type { Flags } from '../../batchnorm/flags';
import type { Statement } from '../../batchnorm/statement';
import type { ParameterName } from '../../batchnorm/layer';
import type { CodeFile } from '../codeFile';
import type { CodeLanguage } from '../codeLanguage';
import type { Roles } from './roles';

/**
 * One framework's way to call batch norm, as data: adding one is a file beside the others and a line in the registry.
 * What the numbers mean is the convention's; here is only what code says and how.
 */
export interface CallFamily {
  readonly id: string;
  readonly language: CodeLanguage['id'];
  /** Tests the name of what is called, with its module's: `torch.nn.BatchNorm2d`. */
  readonly callables: RegExp;
  /** Parameters in order, and where they were read. Keywords may be any of `roles` besides. */
  readonly signature: string;
  readonly roles: Roles;
  /** The rules that the call follows in a file. */
  readonly convention: (setting: CallSetting) => ChosenConvention;
  /** What the call takes where it says nothing, if that is not what the convention takes. */
  readonly defaults?: CallDefaults;
  /** Ranks of input that the callable is for, by its name; undefined where any will do. */
  readonly rank?: (name: string) => number | undefined;
  /** Whether the result is the output, or a layer that is called later. */
  readonly makes: 'output' | 'layer';
  /** How the layer is called, and the names of what decides about training there. */
  readonly application?: Application;
  /** What a file holds that may give arguments to the call from elsewhere: slim's `arg_scope`. */
  readonly scopedDefaults?: RegExp;
  /** Parameters are values and no initializers. */
  readonly takesValues?: boolean;
  /** The mean and variance that normalise are given, and nothing moves. */
  readonly statisticsGiven?: boolean;
  /** The convention where the call turns fusing off. */
  readonly unfused?: string;
  /** Attributes that hold a layer's parameters, which code may fill after it is made. */
  readonly attributes?: Readonly<Record<string, ParameterName>>;
  /** Attributes that hold a layer's numbers and flags, which code may set after it is made. */
  readonly settings?: Roles;
  /** Attributes that say whether gamma and beta are trained. */
  readonly trainableBy?: readonly string[];
  /** Methods that put a layer in training and in inference. */
  readonly modes?: { readonly training: string; readonly inference: string };
  /** Where the signature and its defaults were read. */
  readonly source: string;
}

/** What decides about a call besides itself. */
export interface CallSetting {
  readonly file: CodeFile;
  /** With its module's name, as imported. */
  readonly name: string;
  /** The user's own, where nobody says. */
  readonly fallback: Convention;
}

export interface ChosenConvention {
  readonly id: string;
  /** A sentence about what was taken for granted; absent where the call leaves no doubt. */
  readonly assumed?: string;
}

export type CallDefaults = Pick<Statement, 'momentum' | 'epsilon' | 'channelAxis'> & Partial<Flags>;

/** How a layer is called: `layer(x, training=True)`, `layer.apply(x, { training: true })`. */
export interface Application {
  /** Method by which it is called; empty where the layer is itself called. */
  readonly method: string;
  readonly signature: string;
  readonly roles: Roles;
  /** Begins a clause about what happens when training is on, and off, where no argument decides. */
  readonly on: string;
  readonly off: string;
}

/** The convention of a family that leaves no choice. */
export function always(id: string): () => ChosenConvention {
  return () => ({ id });
}
