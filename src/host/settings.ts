import * as vscode from 'vscode';
import type { Convention } from '../core/batchnorm/convention';
import { defaultConvention, findConvention } from '../core/batchnorm/conventions/registry';
import type { RuleId } from '../core/code/rules/ruleIds';

const ruleLevels = ['off', 'hint', 'information', 'warning', 'error'] as const;
export type RuleLevel = (typeof ruleLevels)[number];

/** The user's settings, read when they are needed so that a change counts at once. */
export const settings = {
  /** The convention where a tensor names none; an unknown id in the setting means the default one. */
  defaultConvention(scope?: vscode.Uri): Convention {
    const id = read('defaultConvention', scope);
    const found = typeof id === 'string' ? findConvention(id) : undefined;
    return found?.ok === true ? found.value : defaultConvention;
  },

  /** Milliseconds between an edit and what follows it. */
  liveDelay(): number {
    const delay = read('live.delay');
    return typeof delay === 'number' && delay >= 0 ? Math.min(delay, 5000) : 150;
  },

  /** What reading a value of a paused program may cost: bytes, and milliseconds an answer. */
  debugLimits(): { readonly bytes: number; readonly time: number } {
    const [megabytes, seconds] = [read('debug.sizeLimit'), read('debug.timeLimit')];
    const limit = (value: unknown, fallback: number): number =>
      typeof value === 'number' && value > 0 ? value : fallback;
    return { bytes: limit(megabytes, 256) * 1e6, time: limit(seconds, 10) * 1000 };
  },

  codeLensEnabled(scope?: vscode.Uri): boolean {
    return read('codeLens.enabled', scope) !== false;
  },

  /** Whether there are lines above batch-norm calls. */
  callLensesEnabled(scope?: vscode.ConfigurationScope): boolean {
    return read('codeLens.calls', scope) !== false;
  },

  /** How a rule for code is shown; as its default where the setting is none of the levels. */
  ruleLevel(id: RuleId, scope?: vscode.ConfigurationScope): RuleLevel {
    const level = read(`rules.${id}`, scope);
    return ruleLevels.find(known => known === level) ?? 'warning';
  },

  hoverEnabled(scope?: vscode.ConfigurationScope): boolean {
    return read('hover.enabled', scope) !== false;
  },
} as const;

function read(key: string, scope?: vscode.ConfigurationScope): unknown {
  return vscode.workspace.getConfiguration('normscope', scope).get<unknown>(key);
}
