import type { Convention } from '../../core/batchnorm/convention';
import type { BatchNormCall } from '../../core/code/batchNormCalls/batchNormCall';
import { eachBatchNormCall } from '../../core/code/batchNormCalls/findCalls';
import { callSentence } from '../../core/code/batchNormCalls/sentence';
import { CodeFile } from '../../core/code/codeFile';
import { codeLanguage } from '../../core/code/codeLanguage';
import { fail, type Result } from '../../core/problem';
import type { FileLayer } from '../files/fileEngine';
import { Recent } from '../hover/recent';
import { callLayer } from './callLayer';
import { callMarkdown } from './callMarkdown';
import type { CodeText } from './codeText';

/** A line above a call, at an offset of its document. */
export interface CallLens {
  readonly offset: number;
  readonly title: string;
  readonly tooltip: string;
}

export interface CallHover {
  readonly markdown: string;
  /** Of what is called, in the document. */
  readonly start: number;
  readonly end: number;
}

/** A call in a document, by what an inspection of it needs. */
export interface CallPlace {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** Milliseconds after which reading gives way to the editor. */
const slice = 8;

/** Calls of one file that are shown; more than a screen of them is never looked at. */
const mostCalls = 500;

interface ReadCode {
  readonly key: string;
  readonly calls: Promise<readonly BatchNormCall[]>;
}

/** Reads code for hovers, lenses and inspections. A bundle of its own, loaded when a file with batch norm is first met. */
export class CodeReading {
  /** Of the documents and notebooks looked at last; each is read once a version. */
  readonly #read = new Recent<string, ReadCode>(8);

  async lenses(code: CodeText, fallback: Convention): Promise<readonly CallLens[]> {
    const calls = await this.#calls(code, fallback);
    const giveWay = slices();
    const found: CallLens[] = [];
    for (const call of calls) {
      const { start } = call.range;
      if (start < code.start || start >= code.end) continue;
      const sentence = callSentence(call);
      if (sentence.ok) {
        const { short, text } = sentence.value;
        found.push({ offset: start - code.start, title: short, tooltip: text });
      }
      await giveWay();
    }
    return found;
  }

  async hover(
    code: CodeText,
    offset: number,
    fallback: Convention,
  ): Promise<CallHover | undefined> {
    const at = offset + code.start;
    const calls = await this.#calls(code, fallback);
    const call = calls.find(({ range }) => range.start <= at && at <= range.end);
    if (!call) return undefined;
    const [start, end] = [call.range.start - code.start, call.range.end - code.start];
    return { markdown: callMarkdown(call, code.uri, start), start, end };
  }

  /** The innermost call whose name or arguments an offset is in. */
  async callAt(
    code: CodeText,
    offset: number,
    fallback: Convention,
  ): Promise<CallPlace | undefined> {
    const call = await this.#at(code, offset, fallback);
    if (!call) return undefined;
    const { range, layerName, name } = call;
    const [start, end] = [range.start - code.start, range.end - code.start];
    return { start, end, name: layerName === '' ? name : layerName };
  }

  async layer(code: CodeText, offset: number, fallback: Convention): Promise<Result<FileLayer>> {
    const call = await this.#at(code, offset, fallback);
    return call ? callLayer(call) : noCall();
  }

  async #at(
    code: CodeText,
    offset: number,
    fallback: Convention,
  ): Promise<BatchNormCall | undefined> {
    const at = offset + code.start;
    const calls = await this.#calls(code, fallback);
    return calls
      .filter(({ wholeRange: { start, end } }) => start <= at && at <= end)
      .sort(
        (a, b) => a.wholeRange.end - a.wholeRange.start - (b.wholeRange.end - b.wholeRange.start),
      )
      .at(0);
  }

  #calls(code: CodeText, fallback: Convention): Promise<readonly BatchNormCall[]> {
    const key = `${code.version} ${code.languageId} ${fallback.id}`;
    const known = this.#read.get(code.key);
    if (known?.key === key) return known.calls;
    const calls = readCalls(code, fallback);
    this.#read.set(code.key, { key, calls });
    return calls;
  }
}

function noCall(): Result<never> {
  return fail(
    'call-missing',
    'What stands here is no batch-norm call any more: put the cursor in one, such as nn.BatchNorm2d(64), and inspect it again.',
  );
}

/** Reads the calls of a text in steps, so that typing never waits for the whole of a long file. */
async function readCalls(code: CodeText, fallback: Convention): Promise<readonly BatchNormCall[]> {
  const language = codeLanguage(code.languageId);
  if (!language) return [];
  const file = new CodeFile(code.text, language);
  const found: BatchNormCall[] = [];
  const giveWay = slices();
  for (const _ of file.steps()) await giveWay();
  for (const call of eachBatchNormCall(file, fallback)) {
    found.push(call);
    if (found.length === mostCalls) break;
    await giveWay();
  }
  return found;
}

/** Waits for the editor where work has gone on for a slice. */
function slices(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < slice) return;
    await pause();
    since = performance.now();
  };
}

function pause(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}

export function createCodeReading(): CodeReading {
  return new CodeReading();
}
