import { AlertProof, without } from '../../support/alert-proof';
import { OTHER_POD, POD, ready, STRANGERS, up } from './exposed';
import { flagged, iris } from './pods';

export const scrapeLost: AlertProof = {
  alert: 'InferenceServiceScrapeLost', on: iris,
  fires: [
    { what: 'a NetworkPolicy shuts the scrape out, until it is mended', series: [...ready('1x240'), up('1x20 0x60 1x160')], at: ['21m', '40m'], silent: ['10m', '19m', '43m'] },
    { what: 'no target is found: the monitor is selected by nobody', series: ready('1x240'), at: ['11m', '60m'], silent: ['9m'] },
    { what: 'one of two', series: [...ready('1x240'), ...ready('1x240', OTHER_POD), up('1x240')], at: ['11m'], silent: ['9m'] },
    { what: "Flagger's primary", on: flagged, series: ready('1x240', 'iris-primary-7d9f8c6b5-abcde'), at: ['11m'], silent: ['9m'] },
  ],
  calm: [
    { what: 'it is scraped', series: [...ready('1x240'), up('1x240')], guard: without(/unless on \(namespace, pod\) \(up\{[^}]*\} == 1\)/) },
    { what: 'it loads, and has no metrics yet', series: [...ready('0x240'), up('0x240')], guard: without('condition="true"', 'condition="false"') },
    { what: 'one scrape of some fails', series: [...ready('1x240'), up(Array(40).fill('1x4 0').join(' '))] },
    { what: 'copies come and go', series: [...ready('1x100 0x3 stale'), up('1x100 0x3 stale'), ...ready('_x90 0x5 1x140', OTHER_POD), up('_x90 0x6 1x139', OTHER_POD)] },
    { what: 'others are not scraped', series: [...ready('1x240'), up('1x240'), ...STRANGERS.flatMap(([namespace, pod]) => ready('1x240', pod, namespace))] },
    { what: 'another service has a pod of its name scraped', series: [...ready('0x240'), up('1x240', POD, 'other')] }, { what: 'nothing tells anything', series: [] },
  ],
};
