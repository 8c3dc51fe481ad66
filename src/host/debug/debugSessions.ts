import * as vscode from 'vscode';
import { isKnownSession } from '../../core/debug/sessionTypes';
import { isRecord } from '../guards';
import { DisposableStore, Emitter, type Disposable } from '../lifecycle';
import { TakenAnswers } from './takenAnswers';

/** A program that stands still, as its debug adapter said last. */
export interface PausedProgram {
  readonly session: vscode.DebugSession;
  /** Undefined where it stopped before anybody listened. */
  readonly threadId: number | undefined;
  /** The frame that VS Code asked about last: the one that the user looks at. */
  readonly frameId: number | undefined;
  readonly answers: TakenAnswers;
}

/** Requests after which a program runs, whether or not its adapter says so. */
const running: ReadonlySet<unknown> = new Set([
  'continue',
  'next',
  'stepIn',
  'stepOut',
  'stepBack',
  'reverseContinue',
  'goto',
  'restartFrame',
]);

/** Which debug sessions there are and which of them stand still, overheard from what passes by. */
export class DebugSessions implements vscode.DebugAdapterTrackerFactory, Disposable {
  readonly #store = new DisposableStore();
  readonly #open = new Map<string, vscode.DebugSession>();
  /** By session, the one that stopped last at the end. */
  readonly #paused = new Map<string, PausedProgram>();
  readonly #stopped = this.#store.add(new Emitter<PausedProgram>());
  readonly #moved = this.#store.add(new Emitter<vscode.DebugSession>());
  readonly #ended = this.#store.add(new Emitter<vscode.DebugSession>());
  readonly #chosen = this.#store.add(new Emitter<PausedProgram>());
  readonly #answers = new TakenAnswers();

  constructor() {
    this.#store.add(vscode.debug.registerDebugAdapterTrackerFactory('*', this));
    this.#store.add(vscode.debug.onDidTerminateDebugSession(session => this.#forget(session)));
  }

  /** A program stopped. */
  readonly onStopped = this.#stopped.on;

  /** A program goes on, or has ended. */
  readonly onRunning = this.#moved.on;

  /** A program has ended, or its debugger let go of it. */
  readonly onEnded = this.#ended.on;

  /** The user looks at another frame. */
  readonly onFrameChosen = this.#chosen.on;

  /** @param id of the session that is meant; else the active one, or the one that stopped last */
  paused(id?: string): PausedProgram | undefined {
    if (id !== undefined) return this.#paused.get(id) ?? this.#unheard(this.#open.get(id));
    const active = vscode.debug.activeDebugSession;
    const found = active && this.#paused.get(active.id);
    return found ?? [...this.#paused.values()].at(-1) ?? this.#unheard(active);
  }

  createDebugAdapterTracker(session: vscode.DebugSession): vscode.DebugAdapterTracker | undefined {
    if (!isKnownSession(session.type)) return undefined;
    this.#open.set(session.id, session);
    return {
      onDidSendMessage: message => this.#fromAdapter(session, message),
      onWillReceiveMessage: message => this.#toAdapter(session, message),
      onExit: () => this.#forget(session),
    };
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** A session that was there before its messages were listened to; whether it stands still is found out when it is asked. */
  #unheard(session: vscode.DebugSession | undefined): PausedProgram | undefined {
    if (!session || this.#open.has(session.id) || !isKnownSession(session.type)) return undefined;
    return { session, threadId: undefined, frameId: undefined, answers: this.#answers };
  }

  #fromAdapter(session: vscode.DebugSession, message: unknown): void {
    if (!isRecord(message)) return;
    this.#answers.answered(session, message);
    if (message.type !== 'event') return;
    const body = isRecord(message.body) ? message.body : {};
    if (message.event === 'stopped') {
      const threadId = typeof body.threadId === 'number' ? body.threadId : undefined;
      const paused = { session, threadId, frameId: undefined, answers: this.#answers };
      this.#paused.delete(session.id);
      this.#paused.set(session.id, paused);
      this.#stopped.fire(paused);
    } else if (message.event === 'continued' || message.event === 'terminated') this.#run(session);
  }

  #toAdapter(session: vscode.DebugSession, message: unknown): void {
    if (!isRecord(message) || message.type !== 'request') return;
    this.#answers.asked(session, message);
    if (running.has(message.command)) this.#run(session);
    const known = this.#paused.get(session.id);
    const frameId = isRecord(message.arguments) ? message.arguments.frameId : undefined;
    if (message.command === 'scopes' && known && typeof frameId === 'number') {
      const paused = { ...known, frameId };
      this.#paused.set(session.id, paused);
      if (known.frameId !== undefined && known.frameId !== frameId) this.#chosen.fire(paused);
    }
  }

  #run(session: vscode.DebugSession): void {
    if (this.#paused.delete(session.id)) this.#moved.fire(session);
  }

  #forget(session: vscode.DebugSession): void {
    const known = this.#open.delete(session.id);
    this.#run(session);
    if (known) this.#ended.fire(session);
  }
}
