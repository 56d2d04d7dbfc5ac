#!/usr/bin/env bash
# The cluster tests: run.sh [fleet] [node], both unless named.
# With $KUBECONFIG set they run against that cluster as it is (fleet: kwok runs there; node: real nodes whose pods this machine
# reaches, DNS, metrics and Argo Rollouts, and no custom metrics API, for which a test registers an adapter),
# else against clusters that ../shared/cluster makes here, one for each phase, which are gone afterwards.
# Results: Jest's, a file a group of tests, and measured.jsonl in ${CI_RESULTS:-node_modules/.cache/cluster-tests/results}.
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
cluster=$PWD/../shared/cluster/cluster
mkdir -p "${CI_RESULTS:-node_modules/.cache/cluster-tests/results}"
results=$(cd "${CI_RESULTS:-node_modules/.cache/cluster-tests/results}" && pwd)
phases=("$@"); [ $# -gt 0 ] || phases=(fleet node)
beside=(prometheus victoria-metrics) # what the node's tests start on this machine
made=()
declare -A behind=()

say() { printf 'cluster tests: %s\n' "$*" >&2; }
chosen() { [[ " ${phases[*]} " == *" $1 "* ]]; }

# lack WHAT: in CI that is a failure; elsewhere Jest's configuration names every file that is left out.
lack() {
  say "$1"
  [ -z "${CI:-}" ] || exit 1
  KUBECONFIG='' exec node_modules/.bin/jest --config test/cluster/jest.config.cjs
}

# own PHASE COMMAND...: a command of ../shared/cluster for this phase's own control plane
own() {
  local phase=$1 port=26443; shift
  [ "$phase" = fleet ] || port=36443
  SERVING_CLUSTER_STATE=/var/tmp/serving-cluster-tests-$phase SERVING_CLUSTER_PORT=$port "$cluster" "$@"
}

make_fleet() { own fleet up && own fleet fake && schema fleet; }

# schema PHASE: waits for the API server's own schema, which it makes of all definitions when it is first asked
schema() {
  (eval "$(own "$1" env)"; for _ in $(seq 10); do kubectl get --raw /openapi/v2 --request-timeout=120s >/dev/null 2>&1 && exit 0; sleep 2; done; exit 1)
}

# packages NAME...: Debian's packages of programs that tests run beside the cluster, each with a program of its name
packages() {
  local name missing=()
  for name in "$@"; do command -v "$name" >/dev/null || missing+=("$name"); done
  [ ${#missing[@]} -eq 0 ] && return 0
  apt-get update -qq || true
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

make_node() {
  local what
  own node node
  for what in mlserver storage-initializer; do own node image "$what"; done
  for what in dns metrics-server argo-rollouts; do own node add "$what"; done
  schema node
  # A Service's address that nothing answers for must not leave this machine by its default route: requests under test are many.
  ip route replace 10.96.0.0/16 dev serving0
}

# behind NAME COMMAND...: in a process group of its own, to end it as a whole; what it says is kept
behind() {
  local name=$1; shift
  set -m; "$@" >"$results/$name.log" 2>&1 & behind[$name]=$!; set +m
}

# through NAME: waits for what is behind; fails if it failed
through() {
  local pid=${behind[$1]:-}
  unset "behind[$1]"
  [ -z "$pid" ] || wait "$pid"
}

clean() {
  trap - EXIT
  local pid
  for pid in "${behind[@]}"; do kill -- "-$pid" 2>/dev/null || true; wait "$pid" 2>/dev/null || true; done
  for phase in "${made[@]}"; do own "$phase" down || true; done
}
trap clean EXIT
trap 'exit 130' INT TERM

# What takes all CPUs that it gets, and no clock: queries, in Prometheus' own engine and VictoriaMetrics'; monitors of models, with their libraries
computed() {
  local status=0
  nice -n 19 node_modules/.bin/jest --selectProjects drift --runInBand --json --outputFile="$results/drift.json" || status=1
  nice -n 19 node_modules/.bin/jest --selectProjects promql --testPathIgnorePatterns gateway-metrics --json --outputFile="$results/promql.json" || status=1
  return "$status"
}

# tests PHASE NAME PATTERN: Jest in one process, its result kept under a name. What a test left running that could not start must not keep the others waiting.
tests() {
  if [ ${#made[@]} -gt 0 ]; then eval "$(own "$1" env)"; fi
  SERVING_TEST_MEASURED=$results/measured.jsonl node_modules/.bin/jest --config test/cluster/jest.config.cjs --runInBand --forceExit --json --outputFile="$results/$2.json" "$3"
}

# What a lane's tests run beside the cluster; made behind while others are tested, as no test waits so long for its program.
programs_of() {
  case $1 in
    fleet) echo kserve kserve-router ;; # one after the other: they share most of what is compiled
    gateway) echo contour envoy flagger ;;
    models) echo kserve contour envoy moto ;;
    watched) echo moto ;;
    alone) echo prometheus-adapter ;;
  esac
}

# lanes NAME...: groups of the node's tests side by side, each those of a folder
lanes() {
  local status=0 lane running=()
  for lane in "$@"; do
    (test/cluster/programs $(programs_of "$lane") && tests node "$lane" "test/cluster/node/$lane/") >"$results/$lane.log" 2>&1 & running+=($!)
  done
  for lane in "$@"; do
    wait "${running[0]}" || status=1
    running=("${running[@]:1}")
    cat "$results/$lane.log" >&2
  done
  return "$status"
}

for program in node python3; do command -v "$program" >/dev/null || lack "no $program on the PATH"; done
if [ -n "${KUBECONFIG:-}" ]; then
  command -v kubectl >/dev/null || lack "no kubectl on the PATH"
  if chosen node; then for program in "${beside[@]}" go kubectl-argo-rollouts; do command -v "$program" >/dev/null || lack "no $program on the PATH"; done; fi
else
  [ -x "$cluster" ] || lack "no \$KUBECONFIG, and no ../shared/cluster to make one with"
  command -v go >/dev/null || lack "no go on the PATH, which ../shared/cluster builds Kubernetes with"
  [ "$(id -u)" = 0 ] || lack "a cluster of our own needs root"
  for phase in "${phases[@]}"; do made+=("$phase"); own "$phase" down 2>/dev/null; done # what a run that was cut short left behind
fi

rm -f "$results/measured.jsonl"
failed=0
if chosen fleet && [ -z "${PROPERTY_MANIFESTS:-}" ]; then
  export PROPERTY_MANIFESTS=$results/property # what the property tests synthesize, for the API server to judge as well
  rm -rf "$PROPERTY_MANIFESTS"
  node_modules/.bin/jest --selectProjects unit --testPathPatterns property/synth >"$results/property.log" 2>&1 || { tail -30 "$results/property.log" >&2; failed=1; }
fi
if chosen fleet; then # before anything runs beside it: two at a time would wait for dpkg's lock, or fail on it
  if ! command -v promtool >/dev/null || ! command -v vmalert >/dev/null; then packages prometheus victoria-metrics; fi
  if ! command -v amtool >/dev/null; then packages prometheus-alertmanager || true; fi
  for program in promtool vmalert amtool; do command -v "$program" >/dev/null || lack "no $program on the PATH"; done
  command -v go >/dev/null || lack 'no go on the PATH, which makes Alertmanager'
fi
if chosen fleet && [ ${#made[@]} -gt 0 ]; then make_fleet; fi
if chosen node && [ ${#made[@]} -gt 0 ]; then
  packages "${beside[@]}"
  own node up # gives its API server a minute and a half, which is too little beside what takes all CPUs
  # minutes of building when nothing is built yet: first what all of the node's tests need, and with what is left of the CPUs what some need
  behind node-cluster make_node
  behind programs nice test/cluster/programs $(programs_of fleet) $(programs_of gateway) $(programs_of alone)
fi
if chosen fleet; then behind computed computed; fi
if chosen fleet; then
  # what goes by the clock: routing of alerts in a real Alertmanager, what a real Envoy tells a real Prometheus, graphs of services in KServe's real router, what stands around a service in real MLServers
  node_modules/.bin/jest --selectProjects alertmanager promql graph around --testPathPatterns test/alertmanager/ gateway-metrics test/graph/ test/around/ --json --outputFile="$results/clocked.json" || failed=1
  (tests fleet fleet test/cluster/fleet/) || failed=1
  if [ ${#made[@]} -gt 0 ]; then own fleet down; fi
fi
if chosen node; then
  if ! through node-cluster; then
    { grep -v WARNING "$results/node-cluster.log" || true; } | tail -30 >&2
    say "the real node could not be made"; exit 1
  fi
  # What mostly waits for controllers and for pods. No more than two at a time: the node has two CPUs, and pods of a third wait for room until its tests give up;
  # and not `gateway` beside `models`, as both start a Gateway of one class. What is measured by the clock or by CPU has the node to itself afterwards.
  for file in $(cd test/cluster/node && find . -name '*.test.ts'); do
    case $file in ./gateway/* | ./releases/* | ./models/* | ./watched/* | ./alone/*) ;; *) say "test/cluster/node/$file is in no lane"; failed=1 ;; esac
  done
  lanes gateway releases || failed=1
  lanes models watched || failed=1
fi
if chosen fleet; then
  through computed || failed=1
  cat "$results/computed.log" >&2
fi
if chosen node; then
  through programs || say 'not all programs could be made: the tests that run them tell' # each lane has asked for its own
  lanes alone || failed=1
fi
exit "$failed"
