import { parentPort } from 'node:worker_threads';
import { defaultConvention, findConvention } from '../../../core/batchnorm/conventions/registry';
import { CodeFile } from '../../../core/code/codeFile';
import { codeLanguage } from '../../../core/code/codeLanguage';
import { checkCode } from '../../../core/code/rules/checkCode';
import type { CodeFinding } from '../../../core/code/rules/codeFinding';
import type { CheckAnswer, CheckRequest } from './checkRequest';

/** The checking thread: a bundle of its own, started when a file with a batch-norm word is first met. */
parentPort?.on('message', (request: CheckRequest) => {
  const answer: CheckAnswer = { id: request.id, findings: check(request) };
  parentPort?.postMessage(answer);
});

function check({ text, languageId, convention, off }: CheckRequest): readonly CodeFinding[] {
  const language = codeLanguage(languageId);
  if (!language) return [];
  const fallback = findConvention(convention);
  const isOff = new Set<string>(off);
  return checkCode(
    new CodeFile(text, language),
    fallback.ok ? fallback.value : defaultConvention,
    id => !isOff.has(id),
  );
}
