import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import { tf1 } from '../../../../src/core/batchnorm/conventions/tf1';
import type { InspectionAction } from '../../../../src/host/inspection/actions';
import { fail, ok, type Problem } from '../../../../src/core/problem';
import { InspectionSession } from '../../../../src/host/inspection/session';
import type { KeptInspection, SourceReader } from '../../../../src/host/inspection/sessionServices';
import type { InspectionView, PanelState } from '../../../../src/protocol/panel';
import { InProcessEngine } from './inProcessEngine';

export const seedText = readFileSync('media/samples/seed.bn.json', 'utf8');

/** A source in memory that a test can edit or break. */
export class TextSource implements SourceReader {
  problem: Problem | undefined;

  constructor(public text: string) {}

  read: SourceReader['read'] = () =>
    Promise.resolve(
      this.problem
        ? { ok: false, problem: this.problem }
        : ok({
            body: ok({ kind: 'runFile', source: { kind: 'text', text: this.text } }),
            locate: offset => Promise.resolve(`offset ${offset}`),
          }),
    );

  describe = (): string => 'a test';
}

export interface Opened {
  readonly session: InspectionSession;
  readonly source: TextSource;
  readonly engine: InProcessEngine;
  /** Every state that was fired, oldest first. */
  readonly states: PanelState[];
}

export async function openSession(text = seedText, kept?: KeptInspection): Promise<Opened> {
  const engine = new InProcessEngine();
  const source = new TextSource(text);
  const services = { engine: () => engine.client, reader: source, fallback: () => tf1 };
  const session = new InspectionSession(
    services,
    { kind: 'resource', uri: 'file:///samples/seed.bn.json' },
    kept,
  );
  const states: PanelState[] = [];
  session.onState(state => states.push(state));
  await session.refresh();
  await session.settled();
  return { session, source, engine, states };
}

/** The view on screen; fails the test where there is none. */
export function viewOf({ session }: Pick<Opened, 'session'>): InspectionView {
  const { state } = session;
  if (state.kind !== 'ready') throw new Error(`not ready: ${JSON.stringify(state)}`);
  return state.view;
}

/** A view without what tells two openings of the same apart. */
export function lasting(view: InspectionView): object {
  const { shown, settings } = view.pictures;
  return { ...view, busy: undefined, pictures: { shown, settings } };
}

export const missing = fail('source-missing', 'seed.bn.json is not there.');

/** Does it, and waits until it is shown. */
export async function act(opened: Opened, action: InspectionAction): Promise<void> {
  const done = await opened.session.act(action);
  expect(done).toEqual({ ok: true, value: null });
  await opened.session.settled();
}

export const flags = (training: boolean, trainable: boolean): InspectionAction => ({
  kind: 'setFlags',
  flags: { training, trainable },
});
