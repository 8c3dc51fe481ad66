import * as vscode from 'vscode';
import { fail, ok, type Result } from '../../core/problem';
import type { DebuggeeLanguage } from '../../core/debug/language';
import { languageOfSession } from '../../core/debug/registry';
import { isRecord } from '../guards';
import { baseName, kernelFrame } from '../inspection/source';
import type { DebugSessions, PausedProgram } from './debugSessions';
import { kernelPlace } from './kernels';
import { request, type Evaluates } from './requests';
import type { TakenAnswers } from './takenAnswers';

/** A frame of a paused program. */
export interface Frame {
  readonly id: number;
  /** Of the function, as the debugger has it. */
  readonly name: string;
  /** Of its source. */
  readonly uri: string;
  readonly line: number;
}

/** Where something is evaluated. */
export interface PausedFrame {
  readonly session: Evaluates;
  readonly language: DebuggeeLanguage;
  readonly frame: Frame;
  /** Absent where no debug adapter answers. */
  readonly answers?: TakenAnswers;
}

/** The function whose frame is wanted. */
export interface WantedFrame {
  readonly uri: string;
  /** Its name. */
  readonly frame: string;
}

/** Frames that are looked through for a function. */
const mostFrames = 200;

const notPaused = (): Result<never> =>
  fail(
    'debug-not-paused',
    'No Python or JavaScript program is paused in the debugger: values can be read at a breakpoint, or after “Pause”.',
  );

/** The frame that the user looks at. @param sessionId where a menu names the session */
export async function currentFrame(
  sessions: DebugSessions,
  sessionId?: string,
): Promise<Result<PausedFrame>> {
  const paused = sessions.paused(sessionId);
  if (!paused) return notPaused();
  const frames = await framesOf(paused);
  if (!frames.ok) return frames;
  const selected = selectedFrameId(paused);
  const frame = frames.value.find(({ id }) => id === selected) ?? frames.value[0];
  return frame ? placed(paused, frame) : notPaused();
}

/**
 * The frame of a function: the one that the user looks at where it is one of its, else the innermost. A debugger's own
 * names for functions do.
 */
export async function frameOf(
  sessions: DebugSessions,
  wanted: WantedFrame,
): Promise<Result<PausedFrame>> {
  if (wanted.frame === kernelFrame) return kernelPlace(wanted.uri);
  const paused = sessions.paused();
  if (!paused) return notPaused();
  const frames = await framesOf(paused);
  if (!frames.ok) return frames;
  const fitting = frames.value.filter(
    ({ name, uri }) => name === wanted.frame && uri === wanted.uri,
  );
  const selected = selectedFrameId(paused);
  const frame = fitting.find(({ id }) => id === selected) ?? fitting[0];
  if (frame) return placed(paused, frame);
  const at = frames.value[0];
  const where = at ? `: it stands in ${at.name}, ${baseName(at.uri)}, line ${at.line}` : '';
  return fail(
    'debug-out-of-scope',
    `${wanted.frame} of ${baseName(wanted.uri)} is not running where the program is paused${where}. It is read again at the next stop in it.`,
  );
}

function placed({ session, answers }: PausedProgram, frame: Frame): Result<PausedFrame> {
  const language = languageOfSession(session.type);
  return language ? ok({ session, language, frame, answers }) : notPaused();
}

/** VS Code itself says which frame is looked at from 1.90 on. */
function selectedFrameId({ session, frameId }: PausedProgram): number | undefined {
  const item: unknown = (vscode.debug as { readonly activeStackItem?: unknown }).activeStackItem;
  if (!isRecord(item) || !isRecord(item.session) || item.session.id !== session.id) return frameId;
  return typeof item.frameId === 'number' ? item.frameId : frameId;
}

/** Innermost first. */
async function framesOf({ session, threadId }: PausedProgram): Promise<Result<readonly Frame[]>> {
  const thread = threadId ?? (await firstThread(session));
  if (thread === undefined) return notPaused();
  const answer = await request(session, 'stackTrace', {
    threadId: thread,
    startFrame: 0,
    levels: mostFrames,
  });
  if (!answer.ok) return answer.problem.code === 'debug-refused' ? notPaused() : answer;
  const listed: readonly unknown[] = Array.isArray(answer.value.stackFrames)
    ? answer.value.stackFrames
    : [];
  return ok(listed.flatMap(frame => parseFrame(session, frame)));
}

async function firstThread(session: vscode.DebugSession): Promise<number | undefined> {
  const answer = await request(session, 'threads', {});
  if (!answer.ok || !Array.isArray(answer.value.threads)) return undefined;
  const first: unknown = answer.value.threads[0];
  return isRecord(first) && typeof first.id === 'number' ? first.id : undefined;
}

function parseFrame(session: vscode.DebugSession, frame: unknown): Frame[] {
  if (!isRecord(frame) || typeof frame.id !== 'number' || frame.presentationHint === 'label') {
    return [];
  }
  const { id, name, line, source } = frame;
  return [
    {
      id,
      name: typeof name === 'string' ? name : '',
      uri: sourceUri(session, source),
      line: typeof line === 'number' ? line : 0,
    },
  ];
}

function sourceUri(session: vscode.DebugSession, source: unknown): string {
  if (!isRecord(source)) return 'debug:unknown';
  const known = typeof source.path === 'string' || typeof source.sourceReference === 'number';
  if (!known) return `debug:${typeof source.name === 'string' ? source.name : 'unknown'}`;
  return vscode.debug.asDebugSourceUri(source, session).toString();
}
