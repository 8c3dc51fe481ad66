import { findBrowser } from '../../hosts/browser.mjs';
import { installServer } from '../../hosts/install.mjs';
import { activation, measureActivation } from '../insidePanel';
import { quantile, type Measurements } from '../measure';
import { measureForward } from './forwardRows';
import { measureHistograms } from './histogramRows';
import { measureLinear } from './linearRows';
import { measureLoad } from './loadRows';
import { measureResident } from './residentRows';
import { atMost, type Row, type Table } from './rows';
import { measureSmall } from './smallRows';
import { measureToggle } from './toggleRows';

/** Rounds of what is compared with something else: of each the median of the rounds' own ratios counts. */
const pairedRounds = 25;

/** Windows that are opened for VS Code's figure of the activation. */
const activations = 3;

/** The parts of the table, in its order. */
const parts: Readonly<Record<string, () => Table | Promise<Table>>> = {
  forward: () => measureForward(pairedRounds),
  'small tensors': () => measureSmall(pairedRounds),
  'histograms and slices': () => measureHistograms(15),
  toggling: () => measureToggle(11),
  'growing work': () => measureLinear(11),
  memory: measureResident,
  loading: () => measureLoad(9),
};

/** Everything that is asked of the engine. @param measured by the other parts of the benchmark */
export async function measureTable(measured: Measurements): Promise<Table> {
  const tables: Table[] = [];
  for (const [name, measure] of Object.entries(parts)) {
    console.log(`engine: ${name} …`);
    tables.push(await measure());
  }
  if (!measured.has(activation) && findBrowser() !== undefined) {
    console.log('engine: activation …');
    await installServer();
    for (let round = 0; round < activations; round++) await measureActivation(measured);
  }
  tables.push(tableOf(measured));
  return { rows: tables.flatMap(({ rows }) => rows), notes: tables.flatMap(({ notes }) => notes) };
}

/** What the other parts measure of it. */
const elsewhere: readonly (Omit<Row, 'reached'> & { readonly series: string })[] = [
  {
    series: 'parsing: from the file to a float32 tensor: share of its time',
    work: 'parsing 100 MB of JSON into a tensor, time',
    against: 'JSON.parse, then flattened',
    asked: atMost(0.3),
  },
  {
    series: 'parsing: from the file to a float32 tensor: share of its memory',
    work: 'parsing 100 MB of JSON into a tensor, peak memory',
    against: 'JSON.parse, then flattened',
    asked: atMost(0.3),
  },
  {
    series: 'file to trace: normscope run: share of its time',
    work: 'from a 100 MB JSON file to its trace, whole process',
    against: 'Python: json.load, torch.tensor, F.batch_norm',
    asked: atMost(0.2),
  },
  {
    series: '25 MB until their numbers are in the panel, debugpy',
    work: 'a 25 MB tensor of a paused program in the panel',
    against: 'debugpy',
    asked: atMost(3000),
    unit: 'ms',
  },
  {
    series: 'summary of a frame with 25 MB, debugpy',
    work: 'summary of a paused frame with 25 MB',
    against: 'debugpy',
    asked: atMost(300),
    unit: 'ms',
  },
  {
    series: '25 MB until their numbers are in the panel, pwa-node',
    work: 'a 25 MB tensor of a paused program in the panel',
    against: 'js-debug',
    asked: atMost(3000),
    unit: 'ms',
  },
  {
    series: 'summary of a frame with 25 MB, pwa-node',
    work: 'summary of a paused frame with 25 MB',
    against: 'js-debug',
    asked: atMost(300),
    unit: 'ms',
  },
  {
    series: activation,
    work: "activation, VS Code's own figure",
    against: '',
    unit: 'ms',
  },
];

/** Medians of those of them that were measured. */
export function tableOf(measured: Measurements): Table {
  const found = new Map(measured.all().map(({ name, milliseconds }) => [name, milliseconds]));
  const rows = elsewhere.flatMap(({ series, ...row }) => {
    const values = found.get(series);
    return values === undefined ? [] : [{ ...row, reached: quantile(values, 0.5) }];
  });
  return { rows, notes: [] };
}
