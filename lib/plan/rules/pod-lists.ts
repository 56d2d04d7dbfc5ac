import { Finding, ProblemKind } from '../../describe/problem';
import { DNS_LABEL } from '../../describe/checks/names';
import { objectsIn } from '../json';
import { podSpecOf, SERVER_CONTAINER, templateLabels } from '../pod/template';
import { Json } from '../service-plan';
import { Rule } from './rule';

const TWICE = ProblemKind.error('SERVING_POD_ENTRY_TWICE', 'Two entries of the pod have one name or one place', 'The API server refuses the pod, or one hides the other.');
const NAMELESS = ProblemKind.error('SERVING_POD_ENTRY_UNUSABLE', 'A container or volume without a usable name or image', 'The API server refuses the pod.');
const INIT_PROBES = ProblemKind.error('SERVING_INIT_CONTAINER_PROBES', 'A container that ends before the server starts, with probes', 'Only containers that stay can be probed; the API server refuses the pod.');
const NO_VOLUME = ProblemKind.error('SERVING_VOLUME_MISSING', 'A mount names a volume that the pod does not have', 'The API server refuses the pod.');
const SELECTOR = ProblemKind.error('SERVING_OVERLAY_CHANGES_SELECTOR', 'The overlay changes what the service selects its pods by', 'The workload would be refused, or traffic would lose the pods.');
const STRANGE = ProblemKind.error('SERVING_OVERLAY_SHAPE', 'The overlay is no pod template', 'A PodTemplateSpec has metadata and spec; anything else would be refused.');

/** What must be unique in a pod, after everything the user brings has been laid on it. */
export const podLists: Rule = {
  check: ({ request, plan }) => {
    const group = plan.groups[0]!;
    const findings: Finding[] = [];
    const strange = Object.keys(request.podOverlay ?? {}).filter((key) => key !== 'metadata' && key !== 'spec');
    if (strange.length > 0) findings.push(STRANGE.found({ what: `'podOverlay' has ${strange.join(', ')} at its top`, got: strange, allowed: 'metadata, spec', fix: "put it under 'spec' or 'metadata'" }));
    const spec = podSpecOf(group.template);
    const containers = [...objectsIn(spec.initContainers), ...objectsIn(spec.containers)];
    if (!objectsIn(spec.containers).some((one) => one.name === SERVER_CONTAINER)) {
      findings.push(STRANGE.found({ what: `'podOverlay' leaves no container '${SERVER_CONTAINER}'`, allowed: "entries with a 'name', which are merged by it", fix: `name the container that is meant: { name: '${SERVER_CONTAINER}', ... }` }));
    }
    for (const [what, one] of [...containers.map((one) => ['container', one] as const), ...objectsIn(spec.volumes).map((one) => ['volume', one] as const)]) {
      if (typeof one.name !== 'string' || !DNS_LABEL.test(one.name)) findings.push(NAMELESS.found({ what: `a ${what} of the pod has no usable name`, got: one.name, allowed: "a DNS label: 1 to 63 lower-case letters, digits and '-'", fix: 'give it one' }));
      if (what === 'container' && (typeof one.image !== 'string' || one.image.trim() === '')) findings.push(NAMELESS.found({ what: `container '${String(one.name)}' has no image`, got: one.image, allowed: 'an image with a tag or digest', fix: 'give it one' }));
    }
    for (const one of objectsIn(spec.initContainers)) {
      const probes = ['startupProbe', 'readinessProbe', 'livenessProbe', 'lifecycle'].filter((probe) => probe in one);
      if (one.restartPolicy !== 'Always' && probes.length > 0) {
        findings.push(INIT_PROBES.found({ what: `init container '${String(one.name)}' has ${probes.join(' and ')}`, got: probes, allowed: 'none, unless its restartPolicy is Always', fix: "leave probes and, of cdk8s-plus, 'portNumber' out: with a port it adds a startup probe" }));
      }
    }
    findings.push(...twice('container', containers.map((one) => one.name)), ...twice('volume', objectsIn(spec.volumes).map((one) => one.name)));
    const volumes = new Set(objectsIn(spec.volumes).map((one) => one.name));
    for (const container of containers) {
      const where = `container '${String(container.name)}'`;
      findings.push(...twice(`mount path of ${where}`, objectsIn(container.volumeMounts).map((mount) => mount.mountPath)), ...twice(`variable of ${where}`, objectsIn(container.env).map((one) => one.name)));
      for (const mount of objectsIn(container.volumeMounts)) {
        if (!volumes.has(mount.name!)) findings.push(NO_VOLUME.found({ what: `${where} mounts '${String(mount.name)}', which is no volume of the pod`, got: mount.name, allowed: [...volumes].filter((name) => name !== undefined).map(String).join(', '), fix: "add the volume with 'volumes', or in the overlay" }));
      }
    }
    const labels = templateLabels(group.template);
    const changed = Object.entries({ ...group.selector, ...plan.memberSelector }).filter(([key, value]) => labels[key] !== value).map(([key]) => key);
    if (changed.length > 0) findings.push(SELECTOR.found({ what: `'podOverlay' changes ${changed.join(', ')}`, got: changed, fix: 'leave these labels alone; add others' }));
    return findings;
  },
};

function twice(what: string, names: readonly (Json | undefined)[]): Finding[] {
  const again = [...new Set(names.filter((name, i) => name !== undefined && names.indexOf(name) !== i))];
  return again.map((name) => TWICE.found({ what: `the ${what} '${String(name)}' is there twice`, got: name, fix: 'choose another name or place' }));
}
