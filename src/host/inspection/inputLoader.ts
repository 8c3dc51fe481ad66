import { fail, ok, type Result } from '../../core/problem';
import { sizeOf } from '../../core/tensor/shape';
import type { EngineApi, Opened } from '../../protocol/engine';
import type { Client } from '../../protocol/rpc';
import type { LoadedInput, SourceContent } from './loadedInput';

export type EngineClient = Client<EngineApi>;

/** Gives what a source holds to the engine. */
export async function loadInput(
  engine: EngineClient,
  content: SourceContent,
  signal: AbortSignal,
): Promise<Result<LoadedInput>> {
  if (!content.body.ok) return content.body;
  const body = content.body.value;
  if (body.kind === 'runFile') {
    const opened = await engine.open(body.source, { signal });
    return opened.ok ? ok(fromRunFile(opened.value, textOf(body.source))) : opened;
  }
  if (body.kind === 'deferred') return body.load(engine, signal);
  if (sizeOf(body.tensor.shape) === 0) return fail('empty-input', 'This tensor has no elements.');
  const { name, statement, notes, tensor, mask } = body;
  const masked = mask && { mask };
  const loaded = await engine.load({ ...tensor, ...masked }, { signal });
  if (!loaded.ok) return loaded;
  return ok({ handle: loaded.value, name, statement, notes, problems: [], ...masked });
}

function textOf(source: { readonly kind: string; readonly text?: string }): string | undefined {
  return source.text;
}

function fromRunFile({ input, file }: Opened, text: string | undefined): LoadedInput {
  const { statement, inputName: name, problems, mask } = file;
  const notes = fileNotes(file, text);
  return { handle: input, name, statement, notes, problems, ...(mask && { mask }) };
}

/** Keys whose text is a remark by the author, shown as such. */
const remarkKeys: ReadonlySet<string> = new Set(['note', 'comment', 'description']);

/** The author's remarks, then what the parser had to say that is no error. */
function fileNotes(file: Opened['file'], text: string | undefined): readonly string[] {
  const remarks = file.unknownKeys.flatMap(({ name, keyRange, valueRange }) => {
    if (text === undefined || !remarkKeys.has(name.toLowerCase())) return [];
    const remark = readRemark(text.slice(valueRange.start, valueRange.end));
    return remark === undefined ? [] : [{ keyRange, remark }];
  });
  const shown = new Set(remarks.map(({ keyRange }) => keyRange.start));
  const rest = file.problems.filter(
    ({ code, range, severity }) =>
      severity !== 'error' && !(code === 'key-unknown' && range && shown.has(range.start)),
  );
  return [...remarks.map(({ remark }) => remark), ...rest.map(({ message }) => message)];
}

function readRemark(json: string): string | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'string' ? value.slice(0, 2000) : undefined;
  } catch {
    return undefined;
  }
}
