import type { PanelActions } from '../../actions';
import type { ChartWidth } from '../../charts/chartWidth';

/** What the views of the picture do things with. */
export interface StepsParts {
  readonly actions: PanelActions;
  /** Of one chart. */
  readonly width: ChartWidth;
  /** Whether only the steps up to the end of the projection are drawn. */
  readonly near: boolean;
  readonly setNear: (on: boolean) => void;
}
