import * as vscode from 'vscode';
import type { ExportedSlice, ExportFormat } from '../../core/export/exportFormat';
import { exportFormats } from '../../core/export/registry';
import { sliceChoiceNames, sliceChoices, type SliceSubject } from '../../protocol/pictures/slice';
import { channelsCsv, channelsJson } from '../copy/csvFormat';
import type { InspectionSession } from '../inspection/session';
import { orderChannels } from '../../core/batchnorm/channelOrder';
import { isRecord } from '../guards';
import { writeLink } from '../takeAway/link';
import { shortenAddress } from '../takeAway/linkAddresses';
import { readSlice } from '../takeAway/readSlice';
import { openPath } from '../takeAway/uriHandler';
import { onActive } from './command';
import { choose, say } from './prompts';
import { askTarget, encodePieces, save, stem } from './saving';

/** What a caller may give instead of being asked: `{ format, subject, target }`. */
interface Given {
  readonly format: string | undefined;
  readonly subject: SliceSubject | undefined;
  readonly target: vscode.Uri | undefined;
}

function given(argument: unknown): Given {
  const fields = isRecord(argument) ? argument : {};
  const subject = sliceChoices.find(choice => choice === fields.subject);
  return {
    format: typeof fields.format === 'string' ? fields.format : undefined,
    subject: subject === 'both' ? undefined : subject,
    target: fields.target instanceof vscode.Uri ? fields.target : undefined,
  };
}

/** Code for the clipboard; returns the text that was copied. */
export const copySlice = onActive('copySlice', async ({ session }, _context, argument) => {
  const { format: id, subject: stated } = given(argument);
  const texts = exportFormats.filter(({ id: known }) => known !== 'npy');
  const format = texts.find(known => known.id === id) ?? (await pick('Copy slice as', texts));
  const subject = format && (stated ?? (await pickSubject(session)));
  if (!format || !subject) return undefined;
  // The clipboard is no place for millions of numbers, whatever the format.
  const most = Math.min(format.mostElements, mostOnClipboard);
  const slice = await read(session, subject, most);
  if (!slice) return undefined;
  const text = [...(format.write(slice) as Iterable<string>)].join('');
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(`$(check) Copied ${slice.text} as ${format.label}`, 4000);
  return text;
});

const mostOnClipboard = 100_000;

export const exportSlice = onActive('exportSlice', async ({ session }, _context, argument) => {
  const { format: id, subject: stated, target: chosen } = given(argument);
  const files = exportFormats.filter(({ extension }) => extension !== undefined);
  const format = files.find(known => known.id === id) ?? (await pick('Export slice as', files));
  const subject = format && (stated ?? (await pickSubject(session)));
  if (!format || !subject) return;
  const slice = await read(session, subject, format.mostElements);
  if (!slice) return;
  const target =
    chosen ?? (await askExport(session, subject, format.label, [format.extension ?? '']));
  if (target) await save(target, () => bytesOf(format, slice));
});

/** The rows of the grid, filtered and in its order. */
export const exportChannels = onActive(
  'exportChannels',
  async ({ session }, _context, argument) => {
    await session.settled();
    const { shown, view } = session;
    if (!shown) return;
    const target =
      given(argument).target ?? (await askExport(session, 'channels', 'Table', ['csv', 'json']));
    if (!target) return;
    const none = new Float32Array(0);
    const results = {
      inspection: shown.inspection,
      trace: shown.stepped.trace,
      findings: shown.findings,
      inputName: shown.input.name,
      dtype: shown.input.handle.dtype,
      input: none,
      output: none,
    };
    const { channels } = orderChannels(shown.table, view.query);
    const write = target.path.endsWith('.json') ? channelsJson : channelsCsv;
    await save(target, () => Promise.resolve(new TextEncoder().encode(write(results, channels))));
  },
);

/** What is drawn under the channels: charts as SVG or PNG by the file's ending, heatmaps as PNG. */
export const exportPicture = onActive(
  'exportPicture',
  async ({ session }, { panels }, argument) => {
    await session.settled();
    const drawn = await panels.drawing(session);
    if (!drawn.ok) {
      await say(drawn.problem.message);
      return;
    }
    const { svg, png } = drawn.value;
    const { shown } = session.view.pictures;
    const endings = svg === undefined ? ['png'] : ['svg', 'png'];
    const target = given(argument).target ?? (await askExport(session, shown, 'Picture', endings));
    if (!target) return;
    const isPng = svg === undefined || /\.png$/i.test(target.path);
    const bytes = isPng ? png : new TextEncoder().encode(svg);
    await save(target, () => Promise.resolve(bytes));
  },
);

/** Returns the link. */
export const copyLink = onActive('copyLink', async ({ session }) => {
  const query = writeLink(session, shortenAddress);
  if (!query.ok) {
    await say(query.problem.message);
    return undefined;
  }
  const link = `${vscode.env.uriScheme}://normscope.normscope${openPath}?${query.value}`;
  await vscode.env.clipboard.writeText(link);
  vscode.window.setStatusBarMessage('$(check) Copied a link to this view', 4000);
  return link;
});

function pick(title: string, formats: readonly ExportFormat[]): Promise<ExportFormat | undefined> {
  return choose(
    title,
    formats.map(format => ({ label: format.label, detail: format.detail, value: format })),
  );
}

/** The tensor that is drawn; asked for where two are. */
function pickSubject(session: InspectionSession): Promise<SliceSubject | undefined> {
  const { subject } = session.view.pictures.settings.slice;
  if (subject !== 'both') return Promise.resolve(subject);
  const choices = (['output', 'input', 'difference'] as const).map(value => ({
    label: sliceChoiceNames[value],
    value,
  }));
  return choose<SliceSubject>('Which tensor?', choices);
}

async function read(
  session: InspectionSession,
  subject: SliceSubject,
  most: number,
): Promise<ExportedSlice | undefined> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: 'Reading the slice',
    cancellable: true,
  };
  const found = await vscode.window.withProgress(options, (_progress, token) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    return readSlice(session, subject, controller.signal, most);
  });
  if (found.ok) return found.value;
  if (found.problem.code !== 'cancelled') await say(found.problem.message);
  return undefined;
}

async function bytesOf(format: ExportFormat, slice: ExportedSlice): Promise<Uint8Array> {
  const written = format.write(slice);
  return written instanceof Uint8Array ? written : encodePieces(written);
}

/** What is exported from an inspection, and the endings that it may have: the first is the one suggested. */
function askExport(
  session: InspectionSession,
  what: string,
  label: string,
  extensions: readonly string[],
): Thenable<vscode.Uri | undefined> {
  return askTarget(session, {
    title: `Export to ${extensions.map(extension => `.${extension}`).join(' or ')}`,
    name: `${stem(session)}-${what}.${extensions[0] ?? ''}`,
    filters: { [label]: extensions },
  });
}
