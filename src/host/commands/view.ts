import { parseFilter } from '../../core/batchnorm/channelFilter';
import type { ChannelColumn } from '../../core/batchnorm/channelTable';
import { channelCount } from '../../core/batchnorm/layer';
import type { InspectionSession } from '../inspection/session';
import { revealSource as reveal } from '../inspection/revealSource';
import { onActive, perform, type Command } from './command';
import { ask, choose, say, type Choice } from './prompts';

export const showPanel = onActive('showPanel', ({ session }, { panels }) => {
  panels.reveal(session);
  return Promise.resolve();
});

/** For items of the view “Tensor Files”: the id of an open inspection. */
export const showInspection: Command = {
  id: 'showInspection',
  run: ({ inspections, panels }, id) => {
    const session = inspections.all.find(open => open.id === id);
    if (session) panels.reveal(session);
  },
};

export const revealSource = onActive('revealSource', ({ session }) => reveal(session.source));

/** Acts on the inspection in front, whether it could be read or not. */
function onOpen(id: string, run: (session: InspectionSession) => Promise<void>): Command {
  return {
    id,
    run: async ({ inspections: { active } }) => {
      if (active) await run(active);
      else await say('No inspection is open.');
    },
  };
}

export const readAgain = onOpen('readAgain', async session => {
  await session.refresh();
  await session.settled();
});

export const cancelReading = onOpen('cancelReading', session => {
  session.cancelReading();
  return Promise.resolve();
});

export const compareConventions = onActive('compareConventions', async ({ session }) => {
  await perform(session, { kind: 'showAllConventions', on: !session.view.allConventions });
});

const columns: Readonly<Record<ChannelColumn, string>> = {
  channel: 'Channel',
  gamma: 'Gamma',
  beta: 'Beta',
  batchMean: 'Batch mean',
  batchVariance: 'Batch variance',
  movingMean: 'Moving mean',
  movingVariance: 'Moving variance',
  drift: 'Drift',
  output: 'Output',
  health: 'Health',
};

export const sortChannels = onActive('sortChannels', async ({ session }) => {
  const { query } = session.view;
  const entries = Object.entries(columns) as [ChannelColumn, string][];
  const choices = entries.flatMap(([sort, label]): Choice<[ChannelColumn, boolean]>[] =>
    [true, false].map(descending => ({
      label,
      description: descending ? 'largest first' : 'smallest first',
      value: [sort, descending],
      current: query.sort === sort && query.descending === descending,
    })),
  );
  const picked = await choose('Sort channels', choices);
  if (!picked) return;
  const [sort, descending] = picked;
  await perform(session, { kind: 'query', query: { ...query, sort, descending } });
});

export const filterChannels = onActive('filterChannels', async ({ session, inspection }) => {
  const { query } = session.view;
  const channels = channelCount(inspection.present.layer);
  const filter = await ask({
    title: 'Filter channels',
    prompt:
      'Channels (3, 10-20), a health word (error, never-updated), or a comparison (drift>1). Empty shows all.',
    value: query.filter,
    parse: text => {
      const { problem } = parseFilter(text, channels);
      return problem === '' ? { value: text } : { problem };
    },
  });
  if (filter !== undefined) await perform(session, { kind: 'query', query: { ...query, filter } });
});

export const showLog: Command = { id: 'showLog', run: ({ log }) => log.show(true) };
