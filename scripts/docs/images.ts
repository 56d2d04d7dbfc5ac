import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { LoadCurve, Scaling, ScalingSimulation } from '../../lib';
import { svgPlot } from '../../lib/plan/simulation/plot';
import { compareWithHpa, type HpaComparison, type HpaRecord } from '../../test/support/hpa-record';

/** Pictures of docs/ that are made from the code, by file name. */
export const IMAGES: { readonly [file: string]: () => string } = { 'images/simulator.svg': simulator, 'images/simulator-vs-hpa.svg': besideHpa };

/** The example of docs/simulator.md. */
function simulator(): string {
  return ScalingSimulation.ofScaling(Scaling.onCpu({ min: 4, max: 40, targetPercent: 60 }), {
    load: LoadCurve.spike({ base: 100, peak: 700, at: Duration.minutes(5), rise: Duration.minutes(2), lasts: Duration.minutes(15), total: Duration.minutes(45) }),
    capacityPerReplica: 50, concurrencyPerReplica: 4, startTime: Duration.seconds(40), stopTime: Duration.seconds(20), requestTimeout: Duration.seconds(5),
  }).toSvg();
}

const RECORD = JSON.parse(readFileSync(join(__dirname, '../../docs/data/hpa-2026-11-23.json'), 'utf8')) as HpaRecord;

/** The table of docs/simulator.md: when a real HPA and the simulator had how many copies. */
export function hpaTable({ changes, meanDifference, differsPercent }: HpaComparison = compareWithHpa(RECORD)): string {
  const at = (second: number | undefined): string => (second === undefined ? 'never' : `${second} s`);
  const rows = changes.map(({ copies, real, simulated }) => `| ${copies} | ${at(real)} | ${at(simulated)} | ${real === undefined || simulated === undefined ? '-' : `${simulated - real} s`} |`);
  return ['| copies | real HPA | simulator | difference |', '|---|---|---|---|', ...rows, '', `Mean difference over time: ${meanDifference.toFixed(2)} copies; in ${(100 - differsPercent).toFixed(0)} % of the time both are the same.`].join('\n');
}

/** A real HPA's copies and the simulator's, on one load. */
function besideHpa(): string {
  const { result, cpuPerRequest } = compareWithHpa(RECORD);
  const last = RECORD.samples[RECORD.samples.length - 1]!.second;
  const times = result.points.map((point) => point.second).filter((second) => second <= last);
  const real = (second: number) => [...RECORD.samples].reverse().find((one) => one.second <= second) ?? RECORD.samples[0]!;
  const load = times.map((second) => result.points[second]!.load);
  return svgPlot({
    title: `Copies of a real HPA and of the simulator, ${RECORD.date}`, description: `Kubernetes ${RECORD.kubernetes}, CPU at ${RECORD.scaling.targetPercent} % of ${RECORD.scaling.cpuMillis}m; a request a second takes ${cpuPerRequest.toFixed(2)} %.`, times,
    panels: [
      { title: 'Load', unit: 'requests/s', series: [{ label: 'sent', values: load, kind: 'line', tone: 1 }] },
      { title: 'Copies', unit: 'wanted', series: [{ label: 'real HPA', values: times.map((second) => real(second).wanted), kind: 'step', tone: 3 }, { label: 'simulator', values: times.map((second) => result.points[second]!.desired), kind: 'step', tone: 4, dashed: true }] },
      { title: 'CPU that the real HPA saw', unit: 'percent of the request', series: [{ label: 'mean of the copies', values: times.map((second) => real(second).percent ?? 0), kind: 'step', tone: 2 }] },
    ],
  });
}
