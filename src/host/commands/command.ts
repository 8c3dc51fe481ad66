import type * as vscode from 'vscode';
import type { ComparePanels } from '../compare/comparePanels';
import type { Inspection } from '../../core/batchnorm/inspection';
import type { OpenInspections } from '../inspection/openInspections';
import type { InspectionAction } from '../inspection/actions';
import type { InspectionSession } from '../inspection/session';
import type { LazyCode } from '../code/lazyCode';
import type { LazyDebugging } from '../debug/lazyDebugging';
import type { OpenTensorFiles } from '../files/openTensorFiles';
import type { TensorFiles } from '../files/fileEngine';
import type { TensorFileEditor } from '../files/tensorFileEditor';
import type { CellOutputs } from '../notebooks/cellOutputs';
import type { InspectionPanels } from '../panel/inspectionPanels';
import type { RecordingServices } from '../recordings/connectRecordings';
import type { LazyComparedFiles } from '../comparedFiles/lazyComparedFiles';
import type { LazySeries } from '../series/lazySeries';
import { say } from './prompts';

/** The tensor files that are open, their editor, and what reads them. */
export interface TensorFileServices {
  readonly open: OpenTensorFiles;
  readonly files: TensorFiles;
  readonly editor: TensorFileEditor;
}

/** What commands work with. */
export interface CommandContext {
  readonly inspections: OpenInspections;
  readonly panels: InspectionPanels;
  readonly comparisons: ComparePanels;
  readonly comparedFiles: LazyComparedFiles;
  readonly tensorFiles: TensorFileServices;
  readonly recordings: RecordingServices;
  readonly series: LazySeries;
  readonly debugging: LazyDebugging;
  readonly notebooks: CellOutputs;
  readonly calls: LazyCode;
  readonly log: vscode.LogOutputChannel;
  readonly extension: vscode.Uri;
  /** Where the samples are copied to, so that they can be edited. */
  readonly storage: vscode.Uri;
}

/**
 * A command of the manifest, `id` without its `normscope.`. Arguments come from key bindings, menus and
 * other extensions, so they are checked like any message; what `run` returns is for those as well.
 */
export interface Command {
  readonly id: string;
  readonly run: (context: CommandContext, ...args: readonly unknown[]) => unknown;
}

/** The inspection that commands act on, with what it shows. */
export interface ActiveInspection {
  readonly session: InspectionSession;
  readonly inspection: Inspection;
}

/**
 * A command that acts on the active inspection; it says so where there is none.
 * @param waits false where it needs nothing of what is under way: a long run then gives way to it
 */
export function onActive(
  id: string,
  run: (
    active: ActiveInspection,
    context: CommandContext,
    ...args: readonly unknown[]
  ) => Promise<unknown>,
  waits = true,
): Command {
  return {
    id,
    run: async (context, ...args) => {
      const session = context.inspections.active;
      if (waits || !session?.inspection) await session?.settled();
      const inspection = session?.inspection;
      if (!session || !inspection) {
        await say(
          'No tensor is being inspected: run "Normscope: Inspect Tensor at Cursor or Selection" first.',
        );
        return undefined;
      }
      return run({ session, inspection }, context, ...args);
    },
  };
}

/** Does it and waits until it is on screen; says why where it cannot be done. */
export async function perform(
  session: InspectionSession,
  action: InspectionAction,
): Promise<boolean> {
  const done = await session.act(action);
  await session.settled();
  if (!done.ok) await say(done.problem.message);
  return done.ok;
}
