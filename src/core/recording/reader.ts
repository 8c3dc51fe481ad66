import type { Problem, Result } from '../problem';
import { parseRecordedLine, recordedArrays, type RecordedLine } from './line';
import { LayerSeries, mostLinesKept } from './series';

/** A line that was left out. */
export interface LineLeftOut {
  /** From 1. */
  readonly line: number;
  /** Completes "line 3: ". */
  readonly reason: string;
}

export interface RecordingCounts {
  /** Lines that were read and hold something. */
  readonly good: number;
  readonly bad: number;
  /** The first of the bad ones. */
  readonly firstBad: LineLeftOut | undefined;
  /** Lines that were left out because there is no room for their layers. */
  readonly full: number;
  readonly firstFull: LineLeftOut | undefined;
  /** Whether the last line is not whole: it is being written, and counts as none of them. */
  readonly unfinished: boolean;
}

/** What a recording may hold in memory. */
export interface RecordingLimits {
  /** Numbers of all layers together, with what holds them as if it were numbers: 64 MB. */
  readonly numbers: number;
  readonly linesOfALayer: number;
  readonly layers: number;
  /** Characters of one line: they are parsed in one go, in some tens of milliseconds. */
  readonly lineLength: number;
}

export const recordingLimits: RecordingLimits = {
  numbers: 8_000_000,
  linesOfALayer: mostLinesKept,
  layers: 10_000,
  lineLength: 1 << 22,
};

/**
 * Reads a recording as it grows: it is fed bytes in the order of the file, and keeps series and counts
 * only. Bad lines are counted, and leave the others alone.
 */
export class RecordingReader {
  private readonly known = new Map<string, LayerSeries>();
  private readonly decoder = new TextDecoder('utf-8');
  /** The end of what was fed, up to which no line has ended. */
  private pending: string[] = [];
  private pendingLength = 0;
  /** Whether the line that is being read is longer than lines may be. */
  private overlong = false;
  private line = 1;
  private good = 0;
  private bad = 0;
  private firstBad: LineLeftOut | undefined;
  private full = 0;
  private firstFull: LineLeftOut | undefined;
  private held = 0;
  /** What all layers can be thinned to: no more layers are taken than it fits, so that thinning always helps. */
  private least = 0;

  constructor(private readonly limits: RecordingLimits = recordingLimits) {}

  /** In the order of their first lines. */
  get layers(): readonly LayerSeries[] {
    return [...this.known.values()];
  }

  get counts(): RecordingCounts {
    const { good, bad, firstBad, full, firstFull } = this;
    return { good, bad, firstBad, full, firstFull, unfinished: this.pendingLength > 0 };
  }

  layer(name: string): LayerSeries | undefined {
    return this.known.get(name);
  }

  /** Takes the next bytes; a line may begin in one call and end in another. */
  feed(bytes: Uint8Array): void {
    const text = this.decoder.decode(bytes, { stream: true });
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.hold(text.slice(start, end));
      this.endLine();
      start = end + 1;
    }
    this.hold(text.slice(start));
  }

  /**
   * Nothing more is there now: a last line without its line feed counts where it is whole. More may be
   * fed later.
   */
  pause(): void {
    const text = this.pending.join('');
    if (!text.trimEnd().endsWith('}')) return;
    const parsed = parseRecordedLine(text);
    if (!parsed.ok) return;
    this.count(parsed);
    // What follows it, once it is written, is the end of its line.
    this.forgetPending();
  }

  private hold(text: string): void {
    if (text === '') return;
    this.pendingLength += text.length;
    if (this.pendingLength > this.limits.lineLength) {
      this.overlong = true;
      this.pending = [];
    } else this.pending.push(text);
  }

  private endLine(): void {
    if (this.overlong) {
      const most = this.limits.lineLength.toLocaleString('en-GB');
      this.refuse(`it has more than ${most} characters`);
    } else this.readLine(this.pending.join(''));
    this.forgetPending();
    this.line++;
  }

  private forgetPending(): void {
    this.pending = [];
    this.pendingLength = 0;
    this.overlong = false;
  }

  private readLine(text: string): void {
    if (text.trim() !== '') this.count(parseRecordedLine(text));
  }

  private count(parsed: Result<RecordedLine>): void {
    const problem = parsed.ok ? this.take(parsed.value) : parsed.problem;
    if (problem === undefined) this.good++;
    else if (problem.code === 'recording-full') {
      this.full++;
      this.firstFull ??= { line: this.line, reason: problem.message };
    } else this.refuse(problem.message);
  }

  private refuse(reason: string): void {
    this.bad++;
    this.firstBad ??= { line: this.line, reason };
  }

  /** @returns why it cannot be taken */
  private take(line: RecordedLine): Problem | undefined {
    const known = this.known.get(line.layer);
    if (known !== undefined && known.channels !== line.channels) {
      return refusal(
        'recording-line',
        `it has ${line.channels} channels, and layer ${line.layer} had ${known.channels} before`,
      );
    }
    const series = known ?? new LayerSeries(line.layer, line, this.limits.linesOfALayer);
    const problem = this.makeRoom(series, line);
    if (problem) return problem;
    this.known.set(line.layer, series);
    this.held -= series.size;
    series.add(line);
    this.held += series.size;
    while (this.held > this.limits.numbers) this.thin();
    return undefined;
  }

  /** Makes sure that what thinning cannot take away fits, however many lines come. */
  private makeRoom(series: LayerSeries, line: RecordedLine): Problem | undefined {
    const { numbers, layers } = this.limits;
    if (!this.known.has(series.name) && this.known.size >= layers) {
      return refusal('recording-full', `there are ${layers.toLocaleString('en-GB')} layers before`);
    }
    const more = series.leastSizeWith(line) - series.leastSize;
    if (this.least + more > numbers) {
      const channels = series.channels.toLocaleString('en-GB');
      return refusal(
        'recording-full',
        `there is no room for the ${channels} channels of layer ${series.name} beside those before it: record fewer layers in one file`,
      );
    }
    this.least += more;
    return undefined;
  }

  /** Thins the layer that holds most, of those that can be thinned. */
  private thin(): void {
    const largest = this.layers
      .filter(({ canBeThinned }) => canBeThinned)
      .reduce((a, b) => (b.size > a.size ? b : a));
    this.held -= largest.size;
    largest.thin();
    this.held += largest.size;
  }
}

/**
 * Whether a file that begins with this text is a recording, by the keys of its first line: the text may
 * end within it.
 */
export function looksLikeRecording(text: string): boolean {
  const first = text.trimStart().split('\n', 1)[0] ?? '';
  const has = (key: string): boolean => new RegExp(`"${key}"\\s*:`).test(first);
  return first.startsWith('{') && has('step') && has('layer') && recordedArrays.some(has);
}

function refusal(code: 'recording-line' | 'recording-full', message: string): Problem {
  return { code, severity: 'error', message };
}
