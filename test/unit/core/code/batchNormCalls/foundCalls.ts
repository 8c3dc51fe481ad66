import { tf1 } from '../../../../../src/core/batchnorm/conventions/tf1';
import type { BatchNormCall } from '../../../../../src/core/code/batchNormCalls/batchNormCall';
import { findBatchNormCalls } from '../../../../../src/core/code/batchNormCalls/findCalls';
import { codeFile } from '../../../../../src/core/code/codeFile';
import { pythonCode, type CodeLanguage } from '../../../../../src/core/code/codeLanguage';

/** The calls of a text. */
export function found(text: string, language: CodeLanguage = pythonCode): readonly BatchNormCall[] {
  return findBatchNormCalls(codeFile(text, language), tf1);
}

/** The call of a text that has one. */
export function only(text: string, language: CodeLanguage = pythonCode): BatchNormCall {
  const [call, another] = found(text, language);
  if (!call || another) throw new Error('not one call');
  return call;
}
