import * as vscode from 'vscode';
import { isUnwell, listedDetail, listedText } from '../../core/debug/listed';
import type { FrameRow, FrameTensors } from './frameTensors';

/** A line of the view “Tensors”. Commands of its menus are given it. */
export interface TensorElement {
  readonly expression: string;
  readonly item: vscode.TreeItem;
}

export function elementsOf({ rows, problem }: FrameTensors): TensorElement[] {
  const said = problem === '' ? [] : [saidElement(problem)];
  return [...said, ...rows.map(elementOf)];
}

/** The same as text, a line each. */
export function textOf({ rows, problem }: FrameTensors): string {
  if (rows.length === 0) return problem;
  return rows
    .map(row => [row.expression, described(row), row.change].filter(Boolean).join('\t'))
    .join('\n');
}

function elementOf(row: FrameRow): TensorElement {
  const { expression, value, pinned, change } = row;
  const item = new vscode.TreeItem(expression);
  item.id = `${pinned ? 'pinned' : 'listed'} ${expression}`;
  // What changed is what a pinned one is watched for.
  item.description = [change, described(row)].filter(Boolean).join(' · ');
  item.tooltip = [expression, change, value ? listedDetail(value) : ''].filter(Boolean).join('\n');
  item.iconPath = iconOf(row);
  item.contextValue = pinned ? 'pinned' : value?.kind === 'refused' ? 'refused' : 'listed';
  item.command = {
    title: 'Inspect in Normscope',
    command: 'normscope.inspectExpression',
    arguments: [expression],
  };
  return { expression, item };
}

function described({ value }: FrameRow): string {
  return value ? listedText(value) : '';
}

function iconOf({ value, pinned }: FrameRow): vscode.ThemeIcon {
  if (value && isUnwell(value)) {
    return new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  }
  if (pinned) return new vscode.ThemeIcon('pinned');
  if (value?.kind === 'refused') return new vscode.ThemeIcon('circle-slash');
  return new vscode.ThemeIcon(value?.kind === 'layer' ? 'layers' : 'symbol-array');
}

function saidElement(problem: string): TensorElement {
  const item = new vscode.TreeItem(problem);
  item.tooltip = problem;
  item.iconPath = new vscode.ThemeIcon('info');
  return { expression: '', item };
}
