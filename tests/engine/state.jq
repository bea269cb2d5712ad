# state($keep): what `docker inspect` says of a project, as far as two tools must agree on it. Input: an array of
# {container: ...} | {network: ...} | {volume: ...}. Out go ids, times, addresses and whatever has no order; subnets
# but for those that begin with $keep.

def c($x): "com.docker.compose." + $x;

# ids of containers and networks, long and short, become names
def names:
  [ .[] | (.container // .network // empty) | {id: .Id, name: (.Name | ltrimstr("/"))} ];
def rename($names):
  walk(if type == "string" and test("[0-9a-f]{12}")
       then reduce $names[] as $n (.; gsub($n.id; "ID-" + $n.name) | gsub($n.id[:12]; "ID-" + $n.name))
            | gsub("(?<![0-9a-z:])[0-9a-f]{64}"; "ANONYMOUS")
            | gsub("container:[0-9a-f]{64}"; "container:GONE") | gsub("^[0-9a-f]{12}$"; "GONE")
       else . end);

# Labels of our own are left alone by the reference, and not made by it.
def labels:
  if . == null then . else
    with_entries(select(.key | startswith("dev.mcompose.") | not))
    | (if has(c("image")) then .[c("image")] = "IMAGE" else . end)
    | (if has(c("version")) then .[c("version")] = "VERSION" else . end)
    | (if has(c("slug")) then .[c("slug")] = "SLUG" else . end)
    | (if has(c("depends_on")) then .[c("depends_on")] |= (split(",") | sort | join(",")) else . end)
  end;

def endpoint:
  del(.NetworkID, .EndpointID, .Gateway, .IPAddress, .IPv6Gateway, .GlobalIPv6Address, .MacAddress, .IPPrefixLen)
  | .Links |= (if . then sort else . end);

# where the engine chose the port
def ports($asked):
  if . == null then . else
    with_entries(($asked[.key] // []) as $bindings
      | if .value and ($bindings | any(.HostPort | . == "" or . == "0" or test("-")))
        then .value |= map(.HostPort = "CHOSEN") else . end)
  end;

def container:
  del(.Id, .Created, .Image, .ImageManifestDescriptor, .ResolvConfPath, .HostnamePath, .HostsPath, .LogPath,
      .GraphDriver, .Storage, .ExecIDs)
  | .State |= {Status, ExitCode, OOMKilled, Error, Health: .Health.Status}
  | .Config.Labels |= labels
  | .Config.Env |= (if . then sort else . end)
  | .HostConfig.Links |= (if . then sort else . end)
  | .HostConfig.Binds |= (if . then sort else . end)
  | .HostConfig.ExtraHosts |= (if . then sort else . end)
  | (if .HostConfig.Mounts then .HostConfig.Mounts |= sort_by(.Target) else . end)
  | .Mounts |= sort_by(.Destination)
  | .HostConfig.PortBindings as $asked
  | .NetworkSettings |= {Ports: (.Ports | ports($asked)), Networks: (.Networks | map_values(endpoint))};

def subnet($keep): if type == "object" and ((.Subnet // "") | startswith($keep) | not) then "AUTO" else . end;

def network($keep):
  del(.Id, .Created, .Containers, .Status)
  | .Labels |= labels
  | .IPAM.Config |= (if . then map(subnet($keep)) else . end);

def volume: del(.CreatedAt) | .Labels |= labels;

def state($keep):
  names as $names
  | { containers: [.[] | .container // empty | container] | sort_by(.Name),
      networks: [.[] | .network // empty | network($keep)] | sort_by(.Name),
      volumes: [.[] | .volume // empty | volume] | sort_by(.Name) }
  | rename($names)
  # only now: until here they were sorted by the ids in them
  | .containers[].NetworkSettings.Networks[] |= (
      (if .Aliases then .Aliases |= sort else . end)
      | (if .DNSNames then .DNSNames |= sort else . end));
