import { Duration } from 'cdk8s';
import { LoadCurve, Scaling, ScalingSimulation } from '../../lib';

/** Pictures of docs/ that are made from the code, by file name. */
export const IMAGES: { readonly [file: string]: () => string } = { 'images/simulator.svg': simulator };

/** The example of docs/simulator.md. */
function simulator(): string {
  return ScalingSimulation.ofScaling(Scaling.onCpu({ min: 4, max: 40, targetPercent: 60 }), {
    load: LoadCurve.spike({ base: 100, peak: 700, at: Duration.minutes(5), rise: Duration.minutes(2), lasts: Duration.minutes(15), total: Duration.minutes(45) }),
    capacityPerReplica: 50, concurrencyPerReplica: 4, startTime: Duration.seconds(40), stopTime: Duration.seconds(20), requestTimeout: Duration.seconds(5),
  }).toSvg();
}
