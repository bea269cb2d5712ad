# What tests/differential/lib/steps.sh saw, as a line for each step. Input: {"step": N, "known": names of volumes that
# are what they were after the step before, "left": how many anonymous volumes are mounted no more and still there},
# then the engine's containers, networks and volumes, for every step. A line is
#     {"step": N, "holds": state.jq's, "since": what became of each thing since the step before}
include "state";

def things:
  map(if .HostConfig then {container: .} elif .Mountpoint then {volume: .} elif .IPAM then {network: .} else empty end);
def by_id: map(.container // .network // empty | {key: .Id, value: .}) | from_entries;
def name: .Name | ltrimstr("/");
def anonymous: select(.Type == "volume" and (.Name | test("^[0-9a-f]{64}$")));
def same_or_new(is): if is then "the same" else "new" end;

def container_since($was; $mounted):
  . as $now
  | ($was[.Id] | if . == null then "new" else "the same"
      + (if name != ($now | name) then ", was \(name)" else "" end)
      + (if .State.StartedAt != $now.State.StartedAt then ", started" else "" end) end)
    + ([.Mounts[] | anonymous | ", \(.Destination) \(.Name as $n | same_or_new($n | IN($mounted[])))"] | sort | add // "");

def since($before; $step):
  ($before | by_id) as $was
  | [$before[].container // empty | .Mounts[] | anonymous | .Name] as $mounted
  | ($step.known | split(" ")) as $known
  | {
      containers: (map(.container // empty | {key: name, value: container_since($was; $mounted)}) | from_entries),
      networks: (map(.network // empty | {key: name, value: same_or_new($was[.Id])}) | from_entries),
      volumes: (map(.volume // empty | .Name as $n | {key: $n, value: same_or_new($n | IN($known[]))}) | from_entries),
      "anonymous volumes left": $step.left };

reduce inputs as $x ([]; if $x.step then . + [[$x]] else .[-1] += [$x] end)
| foreach (.[] | {step: .[0], things: (.[1:] | things)}) as $now
    ({now: {things: []}};
     {before: .now.things, now: $now};
     .before as $before
     | .now
     | {step: .step.step, holds: (.things | state("-")), since: (.step as $s | .things | since($before; $s))})
