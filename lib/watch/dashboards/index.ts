import * as series from '../series';
import { WatchedService } from '../watched-service';
import { Dashboard } from './board';
import { costDashboard } from './cost';
import { driftDashboard } from './drift';
import { engineDashboard } from './engine';
import { fleetDashboard } from './fleet';
import { gpuDashboard } from './gpu';
import { objectivesDashboard } from './objectives';
import { serviceDashboard } from './service';
import { BoardSettings, Exporter, StackBoard } from './settings';

export { type Dashboard } from './board';
export { type BoardSettings, Exporter, serviceUid, StackBoard, stackUid } from './settings';

/** Every dashboard of a whole stack, and whether there is anything for it to show. */
const STACK: { readonly [board in StackBoard]: { readonly draw: (settings: BoardSettings, beside: readonly StackBoard[]) => Dashboard; readonly wanted: (settings: BoardSettings) => boolean } } = {
  [StackBoard.FLEET]: { draw: fleetDashboard, wanted: () => true },
  [StackBoard.ENGINE]: { draw: engineDashboard, wanted: () => true },
  [StackBoard.OBJECTIVES]: { draw: objectivesDashboard, wanted: ({ recorded }) => recorded.has(series.SLO_TARGET.name) },
  [StackBoard.GPU]: { draw: gpuDashboard, wanted: ({ exporters }) => exporters.has(Exporter.DCGM) },
  [StackBoard.COST]: { draw: costDashboard, wanted: ({ recorded }) => recorded.has(series.COST_PER_HOUR.name) },
  [StackBoard.DRIFT]: { draw: driftDashboard, wanted: ({ exporters }) => exporters.has(Exporter.MODEL_MONITOR) },
};

/** The dashboards of a stack; `settings.recorded` names the series that any of its services has. */
export function dashboardsOfStack(settings: BoardSettings): Dashboard[] {
  const present = boardsOf(settings);
  return present.map((board) => STACK[board].draw(settings, present));
}

/**
 * The dashboards of a service.
 *
 * @param settings its `recorded` names the series that this service has.
 * @param beside the dashboards of the stack, to link to.
 */
export function dashboardsOfService(service: WatchedService, settings: BoardSettings, beside: readonly StackBoard[]): Dashboard[] {
  return [serviceDashboard(service, settings, beside)];
}

/** The dashboards that a stack has. */
export function boardsOf(settings: BoardSettings): StackBoard[] {
  return Object.values(StackBoard).filter((board) => STACK[board].wanted(settings));
}
