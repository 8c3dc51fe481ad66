/** Tools for language models, as the manifest contributes them. */
export const toolNames = [
  'normscope_inspect_tensor',
  'normscope_run_batch_norm',
  'normscope_list_layers',
  'normscope_diagnose',
  'normscope_compare',
] as const;

export type ToolName = (typeof toolNames)[number];
