import type { DebugSessions } from './debugSessions';
import { FrameTensors, type ReadSnapshot } from './frameTensors';
import { elementsOf, textOf, type TensorElement } from './tensorsTree';
import { currentFrame, frameOf, type PausedFrame } from './frames';
import { describe, list } from './evaluator';
import { kernelPlace } from './kernels';
import { ProgramReader, type ReadingLimits, type WatchProgram } from './programReader';
import { fittingInputs } from '../../core/debug/fittingInputs';
import { python } from '../../core/debug/python';
import { debuggeeLanguages } from '../../core/debug/registry';
import { shortened } from '../../core/debug/language';
import { fail, ok, type Result } from '../../core/problem';
import type { NearbyTensor } from '../files/describeInputs';
import type { OpenInspections } from '../inspection/openInspections';
import {
  isLayerSource,
  kernelFrame,
  readsProgram,
  type InspectionSource,
  type ModuleSource,
} from '../inspection/source';
import { Debouncer, DisposableStore, type Disposable } from '../lifecycle';

export interface DebuggingServices {
  readonly sessions: DebugSessions;
  readonly inspections: OpenInspections;
  readonly limits: () => ReadingLimits;
  readonly watch: WatchProgram;
}

/** How long after a stop values are read again, in milliseconds: who steps quickly does not wait for them. */
const settleAfter = 60;

/** What something is, without its values. */
const summaries = { inlineBytes: 0, healthElements: 0 };

/** What looks into paused programs. A bundle of its own, loaded when a program is first looked into. */
export class Debugging implements Disposable {
  readonly reader: ProgramReader;
  readonly tensors: FrameTensors;
  readonly #store = new DisposableStore();

  constructor(private readonly services: DebuggingServices) {
    this.reader = new ProgramReader(services);
    const snapshot: ReadSnapshot = (source, signal) => this.reader.snapshot(source, signal);
    this.tensors = this.#store.add(new FrameTensors(services.sessions, snapshot));
    const later = this.#store.add(new Debouncer(() => this.#follow()));
    this.#store.add(services.sessions.onStopped(() => later.run(settleAfter)));
    // Who looks at a program that has ended is told so.
    this.#store.add(services.sessions.onEnded(() => later.run(settleAfter)));
  }

  /** What the view “Tensors” shows. */
  tensorElements(): TensorElement[] {
    return elementsOf(this.tensors);
  }

  /** The same as text. */
  async tensorsText(): Promise<string> {
    await this.tensors.settled();
    return textOf(this.tensors);
  }

  /**
   * What an expression is where the program is paused: the source of an inspection of it.
   * @param sessionId where a menu names the debug session
   */
  async sourceOf(expression: string, sessionId?: string): Promise<Result<InspectionSource>> {
    const at = await currentFrame(this.services.sessions, sessionId);
    return at.ok ? this.#sourceAt(at.value, expression) : at;
  }

  /** What a variable is in the kernel of a notebook. */
  async sourceOfKernel(expression: string, notebook: string): Promise<Result<InspectionSource>> {
    if (!python.isPath(expression.trim())) {
      return fail('debug-computed', `“${shortened(expression)}” is no variable of a kernel.`);
    }
    const at = await kernelPlace(notebook);
    return at.ok ? this.#sourceAt(at.value, expression) : at;
  }

  async #sourceAt(at: PausedFrame, expression: string): Promise<Result<InspectionSource>> {
    const name = expression.trim();
    if (!at.language.isPath(name)) return sourceIn(at, name, 'variable');
    const described = await describe(at, name, summaries);
    if (!described.ok) return described;
    const { value } = described;
    if (value.kind === 'refused') {
      return fail(`debug-${value.reason}`, `“${shortened(name)}” is not read: ${value.message}.`);
    }
    return sourceIn(at, name, value.kind === 'layer' ? 'module' : 'variable');
  }

  /** Tensors beside a layer that it could be run over, the likelier first; none where its function is not paused. */
  async inputsOf({ uri, name, frame }: ModuleSource): Promise<readonly NearbyTensor[]> {
    // A kernel has no function whose variables they were.
    if (frame === kernelFrame) return [];
    const at = await frameOf(this.services.sessions, { uri, frame });
    if (!at.ok) return [];
    const layer = await describe(at.value, name, summaries, { limit: offerPatience });
    if (!layer.ok || layer.value.kind !== 'layer') return [];
    const listed = await list(at.value, summaries, { limit: offerPatience });
    if (!listed.ok) return [];
    return fittingInputs(layer.value, listed.value).map(({ expression, tensor }) => ({
      shape: tensor.shape,
      source: { kind: 'variable', uri, name: expression, frame },
    }));
  }

  /** Reads a source, and the input of its layer, whatever it takes. */
  lift(source: InspectionSource): void {
    if (source.kind === 'variable' || source.kind === 'module') this.reader.lift(source);
    if (isLayerSource(source) && source.input.kind === 'source') this.lift(source.input.source);
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** Open inspections of programs are read again; those whose expression does more than read are left alone. */
  #follow(): void {
    for (const session of this.services.inspections.all) {
      if (readsProgram(session.source) && isFollowed(session.source)) void session.refresh();
    }
  }
}

/** Milliseconds that a choice of inputs waits for what a slow program could offer. */
const offerPatience = 2_000;

/** Whether a source may be evaluated at every stop without being asked for. */
function isFollowed(source: InspectionSource): boolean {
  if (isLayerSource(source) && source.input.kind === 'source') {
    if (!isFollowed(source.input.source)) return false;
  }
  if (source.kind !== 'variable' && source.kind !== 'module') return true;
  // A kernel's are read again when a cell has run.
  if (source.frame === kernelFrame) return false;
  return debuggeeLanguages.some(({ isPath }) => isPath(source.name));
}

function sourceIn(
  { frame: { uri, name: frame } }: PausedFrame,
  name: string,
  kind: 'variable' | 'module',
): Result<InspectionSource> {
  if (kind === 'variable') return ok({ kind, uri, name, frame });
  return ok({ kind, uri, name, frame, input: { kind: 'generated', seed: 1 } });
}

export function createDebugging(services: DebuggingServices): Debugging {
  return new Debugging(services);
}
