import { PanelPage } from './panelPage';
import type { Workbench } from './workbench';

/** Opens the sample as a newcomer does, from the palette, and waits until its panel shows. */
export async function openSample(workbench: Workbench): Promise<PanelPage> {
  await workbench.runCommand('Normscope: Open Sample…');
  await workbench.pick('What do training and trainable do?');
  const panel = new PanelPage(workbench.panel());
  await panel.shown();
  return panel;
}

/** Opens a file of the folder and its panel beside it. */
export async function inspectFile(workbench: Workbench, name: string): Promise<PanelPage> {
  await workbench.openFile(name);
  await workbench.runCommand('Normscope: Inspect Tensor at Cursor or Selection');
  const panel = new PanelPage(workbench.panel());
  await panel.shown();
  return panel;
}
