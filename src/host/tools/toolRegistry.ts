import { compareFiles } from './compareFiles';
import { diagnose } from './diagnose';
import { inspectTensor } from './inspectTensor';
import type { LanguageTool } from './languageTool';
import { listLayers } from './listLayers';
import { runBatchNorm } from './runBatchNorm';
import type { ToolName } from './toolNames';

const tools: readonly LanguageTool[] = [
  inspectTensor,
  runBatchNorm,
  listLayers,
  diagnose,
  compareFiles,
];

export const toolsByName: ReadonlyMap<ToolName, LanguageTool> = new Map(
  tools.map(tool => [tool.name, tool]),
);
