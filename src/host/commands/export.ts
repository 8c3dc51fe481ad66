import * as vscode from 'vscode';
import { fail, ok, type Result } from '../../core/problem';
import { sizeOf } from '../../core/tensor/shape';
import type { CopyFormat } from '../copy/copyFormat';
import { copyFormats } from '../copy/registry';
import { runFileText } from '../copy/runFileText';
import type { ResultTensors } from '../inspection/engineInput';
import type { InspectionSession } from '../inspection/session';
import { onActive, type ActiveInspection } from './command';
import { choose, say } from './prompts';
import { askTarget, encodePieces, save, stem } from './saving';

/** More elements than this are not put on the clipboard. */
const clipboardLimit = 100_000;

/** More than this are not written as JSON. */
const fileLimit = 10_000_000;

/** The argument is a format's id; returns the text that was copied. */
export const copyResults = onActive('copyResults', async (active, _context, argument) => {
  const given = copyFormats.find(format => format.id === argument);
  const format = given ?? (await pickFormat());
  if (!format) return undefined;
  const { session } = active;
  const size = sizeOf(active.inspection.shape);
  if (format.hasElements && size > clipboardLimit) {
    await say(
      `This tensor has ${size.toLocaleString('en-GB')} elements, and at most ${clipboardLimit.toLocaleString('en-GB')} go to the clipboard: copy CSV, which has a row for each channel, or save the inspection.`,
    );
    return undefined;
  }
  const text = await write(session, format);
  if (text === undefined) return undefined;
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(`$(check) Copied as ${format.label}`, 4000);
  return text;
});

function pickFormat(): Promise<CopyFormat | undefined> {
  const choices = copyFormats.map(format => ({
    label: format.label,
    detail: format.detail,
    value: format,
  }));
  return choose('Copy results as', choices);
}

async function write(session: InspectionSession, format: CopyFormat): Promise<string | undefined> {
  const read = await resultsOf(session, format);
  if (!read.ok) {
    await say(read.problem.message);
    return undefined;
  }
  const { shown, input, output } = read.value;
  return format.write({
    inspection: shown.inspection,
    trace: shown.stepped.trace,
    findings: shown.findings,
    inputName: shown.input.name,
    dtype: shown.input.handle.dtype,
    input,
    output,
  });
}

/** A table of the channels needs no element to leave the engine. */
async function resultsOf(
  session: InspectionSession,
  format: CopyFormat,
): Promise<Result<ResultTensors>> {
  if (format.hasElements) return session.tensors.all();
  await session.settled();
  const none = new Float32Array(0);
  return session.shown
    ? ok({ shown: session.shown, input: none, output: none })
    : fail('nothing-open', 'There is no result to copy yet.');
}

export const saveInspection = onActive('saveInspection', async (active, _context, argument) => {
  const size = sizeOf(active.inspection.shape);
  if (size > fileLimit) {
    await say(
      `This tensor has ${size.toLocaleString('en-GB')} elements, and at most ${fileLimit.toLocaleString('en-GB')} are written as JSON.`,
    );
    return;
  }
  const target = argument instanceof vscode.Uri ? argument : await askInspectionTarget(active);
  if (target) await saveTo(target, active.session);
});

/** Saving over the source itself would be writing the user's document: it is asked for like any other name. */
function askInspectionTarget({ session }: ActiveInspection): Thenable<vscode.Uri | undefined> {
  return askTarget(session, {
    title: 'Save the inspection as a run file',
    name: `${stem(session)}-inspection.bn.json`,
    filters: { 'Run files': ['bn.json'], JSON: ['json'] },
  });
}

async function saveTo(target: vscode.Uri, session: InspectionSession): Promise<void> {
  const read = await session.tensors.all();
  if (!read.ok) {
    await say(read.problem.message);
    return;
  }
  const { shown, input } = read.value;
  await save(target, () => encodePieces(runFileText(shown.inspection, input, shown.input.mask)));
}
