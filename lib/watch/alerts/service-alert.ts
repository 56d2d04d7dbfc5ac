import { WatchedService } from '../watched-service';
import { AlertText } from './alert';

/** What alerts about one service are made from. */
export interface AlertContext {
  readonly service: WatchedService;
  /** Matchers of the service's recorded series. */
  readonly matchers: string;
  /** Matchers of what is scraped of it. */
  readonly scraped: string;
  /** Matchers of its pods, for what others expose about them. */
  readonly pods: string;
  /** Names of its workloads, as a pattern. */
  readonly workloads: string;
}

/** An alert about a service; none where it can't happen, or nothing tells of it. */
export type ServiceAlert = (context: AlertContext) => AlertText[];
