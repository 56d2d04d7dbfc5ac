#!/usr/bin/env python3
"""Regenerates test/schema/kubernetes-*.json from the schemas that the PyPI package kubernetes-validate ships.

For developers, after a change of KINDS or VERSIONS: `python3 scripts/update-kubernetes-schema.py`. Needs pip and the network.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

PACKAGE = 'kubernetes-validate==1.34.1'  # the first release with Kubernetes 1.34
VERSIONS = ['1.30', '1.34']
KINDS = [
    'v1/ConfigMap',
    'v1/Namespace',
    'v1/PersistentVolume',
    'v1/PersistentVolumeClaim',
    'v1/Pod',
    'v1/Secret',
    'v1/Service',
    'v1/ServiceAccount',
    'apps/v1/Deployment',
    'apps/v1/StatefulSet',
    'autoscaling/v2/HorizontalPodAutoscaler',
    'batch/v1/CronJob',
    'batch/v1/Job',
    'networking.k8s.io/v1/Ingress',
    'networking.k8s.io/v1/NetworkPolicy',
    'node.k8s.io/v1/RuntimeClass',
    'policy/v1/PodDisruptionBudget',
    'rbac.authorization.k8s.io/v1/ClusterRole',
    'rbac.authorization.k8s.io/v1/ClusterRoleBinding',
    'rbac.authorization.k8s.io/v1/Role',
    'rbac.authorization.k8s.io/v1/RoleBinding',
    'resource.k8s.io/v1/ResourceClaimTemplate',  # 1.34 only
    'scheduling.k8s.io/v1/PriorityClass',
]
KEPT_EXTENSIONS = {'x-kubernetes-list-type', 'x-kubernetes-list-map-keys'}
IN_EVERY_GROUP = {'DeleteOptions', 'WatchEvent'}  # registered under groups that serve nothing else

target = pathlib.Path(__file__).resolve().parent.parent / 'test' / 'schema'


def main():
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, '-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder, PACKAGE], check=True)
        with zipfile.ZipFile(next(pathlib.Path(folder).glob('*.whl'))) as wheel:
            for version in VERSIONS:
                path = f'kubernetes_validate/kubernetes-json-schema/v{version}.0-local-strict/_definitions.json'
                write(version, json.loads(wheel.read(path))['$defs'])


def write(version, published):
    gvks = [(name, gvk) for name, schema in published.items() for gvk in schema.get('x-kubernetes-group-version-kind', [])
            if gvk['kind'] not in IN_EVERY_GROUP]
    names = {'/'.join(part for part in (gvk['group'], gvk['version'], gvk['kind']) if part): name for name, gvk in gvks}
    kinds = {kind: names[kind] for kind in KINDS if kind in names}
    for kind in KINDS:
        if kind not in names:
            print(f'Kubernetes {version} has no {kind}')
    definitions = {}
    for name in kinds.values():
        collect(name, published, definitions, root=True)

    path = target / f'kubernetes-{version}.json'
    lines = [f'  {json.dumps(name)}: {json.dumps(schema, sort_keys=True, separators=(",", ":"))}' for name, schema in sorted(definitions.items())]
    head = json.dumps({'version': version, 'groups': sorted({gvk['group'] for _, gvk in gvks}), 'kinds': kinds}, indent=1)
    path.write_text(head[:-2] + ',\n "$defs": {\n' + ',\n'.join(lines) + '\n }\n}\n')
    print(f'{path.name}: {len(kinds)} kinds, {len(definitions)} definitions, {path.stat().st_size // 1024} KiB')


def collect(name, published, definitions, root=False):
    if name in definitions:
        return
    schema = trim(published[name])
    if root:
        schema['properties'].pop('status', None)  # the controllers' to write
        schema['required'] = sorted({*schema.get('required', []), *parts_needed(schema, published)})
    definitions[name] = schema
    for reference in references(schema):
        collect(reference, published, definitions)


def parts_needed(schema, published):
    """The top-level fields that can't be left out because something in them is required."""
    for field, part in schema['properties'].items():
        if '$ref' in part and published[part['$ref'].rsplit('/', 1)[1]].get('required'):
            yield field


def trim(schema):
    """Without prose, and without null: published types are nullable, a field that is written out as null is a mistake here."""
    if isinstance(schema, list):
        return [trim(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    trimmed = {}
    for key, value in schema.items():
        if key == 'properties':  # its keys are names of fields
            trimmed[key] = {field: trim(subschema) for field, subschema in value.items()}
        elif key == 'type' and isinstance(value, list):
            kept = [item for item in value if item != 'null']
            trimmed[key] = kept[0] if len(kept) == 1 else kept
        elif key not in ('description', 'default') and (not key.startswith('x-') or key in KEPT_EXTENSIONS):
            trimmed[key] = trim(value)
    if 'properties' in trimmed:
        trimmed['additionalProperties'] = False
    return trimmed


def references(schema):
    if isinstance(schema, list):
        for item in schema:
            yield from references(item)
    elif isinstance(schema, dict):
        if isinstance(schema.get('$ref'), str):
            yield schema['$ref'].rsplit('/', 1)[1]
        for value in schema.values():
            yield from references(value)


if __name__ == '__main__':
    main()
