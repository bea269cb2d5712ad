/* core/schema/service.h: the attributes of services.* and of the smaller objects in it.
 *
 * One row each, sorted by name; attr.h explains what a row says. tables.c makes the tables out of
 * them, and the ids below are for whoever has something to say about one attribute. */
#ifndef CORE_SCHEMA_SERVICE_H
#define CORE_SCHEMA_SERVICE_H

/* clang-format off */
#define CREDENTIAL_SPEC_ATTRS(ATTR)                                                                \
    ATTR(CONFIG, "config", K_STRING, T_STR, F(struct credential_spec, config), .order = 1,         \
         .engine = NO_EFFECT)                                                                      \
    ATTR(FILE, "file", K_STRING, T_STR, F(struct credential_spec, file), .order = 2,               \
         .engine = NO_EFFECT)                                                                      \
    ATTR(REGISTRY, "registry", K_STRING, T_STR, F(struct credential_spec, registry), .order = 3,   \
         .engine = NO_EFFECT)

#define DEPENDENCY_ATTRS(ATTR)                                                                     \
    ATTR(CONDITION, "condition", K_STRING, T_STR, F(struct dependency, condition), .order = 1,     \
         .flags = ATTR_REQUIRED, .words = words_condition, .engine = CLIENT_SIDE)                  \
    ATTR(REQUIRED, "required", K_BOOL, T_BOOL, F(struct dependency, required), .order = 3,         \
         .cast = CAST_BOOL, .flags = ATTR_PRINT_ALWAYS, .engine = CLIENT_SIDE)                     \
    ATTR(RESTART, "restart", K_BOOL, T_BOOL | T_STR, F(struct dependency, restart), .order = 2,    \
         .cast = CAST_BOOL, .engine = CLIENT_SIDE)

#define DEVICE_ATTRS(ATTR)                                                                         \
    ATTR(PERMISSIONS, "permissions", K_STRING, T_STR, F(struct device, permissions), .order = 3)   \
    ATTR(SOURCE, "source", K_STRING, T_STR, F(struct device, source), .order = 1,                  \
         .flags = ATTR_REQUIRED)                                                                   \
    ATTR(TARGET, "target", K_STRING, T_STR, F(struct device, target), .order = 2)

#define ENV_FILE_ATTRS(ATTR)                                                                       \
    ATTR(FORMAT, "format", K_STRING, T_STR, F(struct env_file, format), .order = 3,                \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(PATH, "path", K_STRING, T_STR, F(struct env_file, path), .order = 1, .path = PATH_FILE,   \
         .flags = ATTR_REQUIRED, .engine = CLIENT_SIDE)                                            \
    ATTR(REQUIRED, "required", K_BOOL, T_BOOL | T_STR, F(struct env_file, required), .order = 2,   \
         .engine = CLIENT_SIDE)

#define EXTENDS_ATTRS(ATTR)                                                                        \
    ATTR(FILE, "file", K_NONE, T_STR, .engine = CLIENT_SIDE)                                       \
    ATTR(SERVICE, "service", K_NONE, T_STR, .flags = ATTR_REQUIRED, .engine = CLIENT_SIDE)

#define FILE_REF_ATTRS(ATTR)                                                                       \
    ATTR(GID, "gid", K_STRING, T_STR, F(struct file_ref, gid), .order = 4, .engine = CLIENT_SIDE)  \
    ATTR(MODE, "mode", K_MODE, T_NUM | T_STR, F(struct file_ref, mode), .order = 5,                \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(SOURCE, "source", K_STRING, T_STR, F(struct file_ref, source), .order = 1)                \
    ATTR(TARGET, "target", K_STRING, T_STR, F(struct file_ref, target), .order = 2)                \
    ATTR(UID, "uid", K_STRING, T_STR, F(struct file_ref, uid), .order = 3, .engine = CLIENT_SIDE)

#define HEALTHCHECK_ATTRS(ATTR)                                                                    \
    ATTR(DISABLE, "disable", K_BOOL, T_BOOL | T_STR, F(struct healthcheck, disable), .order = 7,   \
         .cast = CAST_BOOL)                                                                        \
    ATTR(INTERVAL, "interval", K_OPT_DURATION, T_STR, F(struct healthcheck, interval), .order = 3) \
    ATTR(RETRIES, "retries", K_OPT_INT, T_NUM | T_STR, F(struct healthcheck, retries), .order = 4, \
         .cast = CAST_INT, .flags = ATTR_UNSIGNED)                                                 \
    ATTR(START_INTERVAL, "start_interval", K_OPT_DURATION, T_STR,                                  \
         F(struct healthcheck, start_interval), .order = 6)                                        \
    ATTR(START_PERIOD, "start_period", K_OPT_DURATION, T_STR, F(struct healthcheck, start_period), \
         .order = 5)                                                                               \
    ATTR(TEST, "test", K_STRINGS, T_STR | T_LIST, F(struct healthcheck, test), .order = 1,         \
         .items = T_STR, .expand_late = expand_test, .merge = MERGE_REPLACE)                       \
    ATTR(TIMEOUT, "timeout", K_OPT_DURATION, T_STR, F(struct healthcheck, timeout), .order = 2)

#define HOOK_ATTRS(ATTR)                                                                           \
    ATTR(COMMAND, "command", K_COMMAND, T_NULL | T_STR | T_LIST, F(struct hook, command),          \
         .order = 1, .items = T_STR, .expand_late = expand_command,                                \
         .flags = ATTR_REQUIRED | ATTR_JSON_ALWAYS, .engine = CLIENT_SIDE)                         \
    ATTR(ENVIRONMENT, "environment", K_MAPPING, T_MAP | T_LIST, F(struct hook, environment),       \
         .order = 6, .items = T_STR, .values = T_SCALAR | T_NULL, .expand_late = expand_mapping,   \
         .flags = ATTR_NULL_VALUES | ATTR_UNIQUE_ITEMS, .engine = CLIENT_SIDE)                     \
    ATTR(PRIVILEGED, "privileged", K_BOOL, T_BOOL | T_STR, F(struct hook, privileged), .order = 4, \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(USER, "user", K_STRING, T_STR, F(struct hook, user), .order = 3, .engine = CLIENT_SIDE)   \
    ATTR(WORKING_DIR, "working_dir", K_STRING, T_STR, F(struct hook, working_dir), .order = 5,     \
         .engine = CLIENT_SIDE)

#define PRE_START_ATTRS(ATTR)                                                                      \
    ATTR(COMMAND, "command", K_COMMAND, T_NULL | T_STR | T_LIST, F(struct hook, command),          \
         .order = 1, .items = T_STR, .expand_late = expand_command, .flags = ATTR_JSON_ALWAYS,     \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(ENVIRONMENT, "environment", K_MAPPING, T_MAP | T_LIST, F(struct hook, environment),       \
         .order = 6, .items = T_STR, .values = T_SCALAR | T_NULL, .expand_late = expand_mapping,   \
         .flags = ATTR_NULL_VALUES | ATTR_UNIQUE_ITEMS, .engine = CLIENT_SIDE)                     \
    ATTR(IMAGE, "image", K_STRING, T_STR, F(struct hook, image), .order = 2,                       \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(PER_REPLICA, "per_replica", K_BOOL, T_BOOL | T_STR, F(struct hook, per_replica),          \
         .order = 7, .engine = CLIENT_SIDE)                                                        \
    ATTR(PRIVILEGED, "privileged", K_BOOL, T_BOOL | T_STR, F(struct hook, privileged), .order = 4, \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(USER, "user", K_STRING, T_STR, F(struct hook, user), .order = 3, .engine = CLIENT_SIDE)   \
    ATTR(WORKING_DIR, "working_dir", K_STRING, T_STR, F(struct hook, working_dir), .order = 5,     \
         .engine = CLIENT_SIDE)

#define LOGGING_ATTRS(ATTR)                                                                        \
    ATTR(DRIVER, "driver", K_STRING, T_STR, F(struct logging, driver), .order = 1)                 \
    ATTR(OPTIONS, "options", K_MAPPING, T_MAP, F(struct logging, options), .order = 2,             \
         .values = T_STR | T_NUM | T_NULL, .expand_late = expand_mapping)

#define PORT_ATTRS(ATTR)                                                                           \
    ATTR(APP_PROTOCOL, "app_protocol", K_STRING, T_STR, F(struct port, app_protocol), .order = 7,  \
         .engine = INFORMATION)                                                                    \
    ATTR(HOST_IP, "host_ip", K_STRING, T_STR, F(struct port, host_ip), .order = 3)                 \
    ATTR(MODE, "mode", K_STRING, T_STR, F(struct port, mode), .order = 2, .engine = INFORMATION)   \
    ATTR(NAME, "name", K_STRING, T_STR, F(struct port, name), .order = 1, .engine = INFORMATION)   \
    ATTR(PROTOCOL, "protocol", K_STRING, T_STR, F(struct port, protocol), .order = 6)              \
    ATTR(PUBLISHED, "published", K_STRING, T_STR | T_INT, F(struct port, published), .order = 5,   \
         .expand_late = expand_scalar)                                                             \
    ATTR(TARGET, "target", K_INT, T_INT | T_STR, F(struct port, target), .order = 4,               \
         .cast = CAST_INT, .flags = ATTR_UNSIGNED, .max = UINT32_MAX)

#define PROVIDER_ATTRS(ATTR)                                                                       \
    ATTR(OPTIONS, "options", K_OPTIONS, T_MAP, F(struct provider, options), .order = 2,            \
         .values = T_SCALAR | T_LIST, .engine = CLIENT_SIDE)                                       \
    ATTR(TYPE, "type", K_STRING, T_STR, F(struct provider, type), .order = 1,                      \
         .flags = ATTR_REQUIRED, .engine = CLIENT_SIDE)

#define SERVICE_MODEL_ATTRS(ATTR)                                                                  \
    ATTR(ENDPOINT_VAR, "endpoint_var", K_STRING, T_STR, F(struct service_model, endpoint_var),     \
         .order = 1, .engine = CLIENT_SIDE)                                                        \
    ATTR(MODEL_VAR, "model_var", K_STRING, T_STR, F(struct service_model, model_var), .order = 2,  \
         .engine = CLIENT_SIDE)

#define SERVICE_NETWORK_ATTRS(ATTR)                                                                \
    ATTR(ALIASES, "aliases", K_STRINGS, T_LIST, F(struct service_network, aliases), .order = 1,    \
         .items = T_STR, .unique = key_before_equals, .flags = ATTR_UNIQUE_ITEMS)                  \
    ATTR(DRIVER_OPTS, "driver_opts", K_MAPPING, T_MAP, F(struct service_network, driver_opts),     \
         .order = 2, .values = T_STR | T_NUM, .expand_late = expand_mapping)                       \
    ATTR(GW_PRIORITY, "gw_priority", K_INT, T_NUM, F(struct service_network, gw_priority),         \
         .order = 3)                                                                               \
    ATTR(INTERFACE_NAME, "interface_name", K_STRING, T_STR,                                        \
         F(struct service_network, interface_name), .order = 4)                                    \
    ATTR(IPV4_ADDRESS, "ipv4_address", K_STRING, T_STR, F(struct service_network, ipv4_address),   \
         .order = 5)                                                                               \
    ATTR(IPV6_ADDRESS, "ipv6_address", K_STRING, T_STR, F(struct service_network, ipv6_address),   \
         .order = 6)                                                                               \
    ATTR(LINK_LOCAL_IPS, "link_local_ips", K_STRINGS, T_LIST,                                      \
         F(struct service_network, link_local_ips), .order = 7, .items = T_STR,                    \
         .unique = key_before_equals, .flags = ATTR_UNIQUE_ITEMS)                                  \
    ATTR(MAC_ADDRESS, "mac_address", K_STRING, T_STR, F(struct service_network, mac_address),      \
         .order = 8)                                                                               \
    ATTR(PRIORITY, "priority", K_INT, T_NUM, F(struct service_network, priority), .order = 9,      \
         .engine = CLIENT_SIDE)

#define ULIMIT_ATTRS(ATTR)                                                                         \
    ATTR(HARD, "hard", K_INT, T_INT | T_STR, F(struct ulimit, hard), .order = 2, .cast = CAST_INT, \
         .flags = ATTR_REQUIRED)                                                                   \
    ATTR(SOFT, "soft", K_INT, T_INT | T_STR, F(struct ulimit, soft), .order = 1, .cast = CAST_INT, \
         .flags = ATTR_REQUIRED)

#define WATCH_ATTRS(ATTR)                                                                          \
    ATTR(ACTION, "action", K_STRING, T_STR, F(struct watch, action), .order = 2,                   \
         .flags = ATTR_REQUIRED, .words = words_action, .engine = UNSUPPORTED)                     \
    ATTR(EXEC, "exec", K_OBJECT, T_MAP, F(struct watch, exec), .order = 4, .sub = &hook_table,     \
         .flags = ATTR_JSON_ALWAYS, .engine = UNSUPPORTED)                                         \
    ATTR(IGNORE, "ignore", K_STRINGS, T_STR | T_LIST, F(struct watch, ignore), .order = 6,         \
         .items = T_STR, .expand = expand_string_list, .flags = ATTR_UNIQUE_ITEMS,                 \
         .engine = UNSUPPORTED)                                                                    \
    ATTR(INCLUDE, "include", K_STRINGS, T_STR | T_LIST, F(struct watch, include), .order = 5,      \
         .items = T_STR, .expand = expand_string_list, .flags = ATTR_UNIQUE_ITEMS,                 \
         .engine = UNSUPPORTED)                                                                    \
    ATTR(INITIAL_SYNC, "initial_sync", K_BOOL, T_BOOL, F(struct watch, initial_sync), .order = 7,  \
         .engine = UNSUPPORTED)                                                                    \
    ATTR(PATH, "path", K_STRING, T_STR, F(struct watch, path), .order = 1, .path = PATH_WATCH,     \
         .flags = ATTR_REQUIRED, .engine = UNSUPPORTED)                                            \
    ATTR(TARGET, "target", K_STRING, T_STR, F(struct watch, target), .order = 3,                   \
         .engine = UNSUPPORTED)

#define DEVELOP_ATTRS(ATTR)                                                                        \
    ATTR(WATCH, "watch", K_OBJECTS, T_LIST, F(struct develop, watch), .order = 1, .items = T_MAP,  \
         .sub = &watch_table, .engine = UNSUPPORTED)

#define SERVICE_ATTRS(ATTR)                                                                        \
    ATTR(ANNOTATIONS, "annotations", K_MAPPING, T_MAP | T_LIST, F(struct service, annotations),    \
         .order = 2, .items = T_STR, .values = T_SCALAR | T_NULL, .expand_late = expand_mapping,   \
         .merge = MERGE_SEQUENCE, .unique = key_before_equals, .flags = ATTR_UNIQUE_ITEMS,         \
         .engine = "HostConfig.Annotations")                                                       \
    ATTR(ATTACH, "attach", K_OPT_BOOL, T_BOOL | T_STR, F(struct service, attach), .order = 3,      \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(BLKIO_CONFIG, "blkio_config", K_OBJECT, T_MAP, F(struct service, blkio_config),           \
         .order = 6, .sub = &blkio_config_table)                                                   \
    ATTR(BUILD, "build", K_OBJECT, T_STR | T_MAP, F(struct service, build), .order = 4,            \
         .sub = &build_table, .expand = expand_build, .merge = MERGE_BUILD, .flags = ATTR_NO_HASH, \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(CAP_ADD, "cap_add", K_STRINGS, T_LIST, F(struct service, cap_add), .order = 7,            \
         .items = T_STR, .unique = key_before_equals, .flags = ATTR_UNIQUE_ITEMS)                  \
    ATTR(CAP_DROP, "cap_drop", K_STRINGS, T_LIST, F(struct service, cap_drop), .order = 8,         \
         .items = T_STR, .unique = key_before_equals, .flags = ATTR_UNIQUE_ITEMS)                  \
    ATTR(CGROUP, "cgroup", K_STRING, T_STR, F(struct service, cgroup), .order = 10,                \
         .words = words_cgroup, .engine = "HostConfig.CgroupnsMode")                               \
    ATTR(CGROUP_PARENT, "cgroup_parent", K_STRING, T_STR, F(struct service, cgroup_parent),        \
         .order = 9, .engine = "HostConfig.CgroupParent")                                          \
    ATTR(COMMAND, "command", K_COMMAND, T_NULL | T_STR | T_LIST, F(struct service, command),       \
         .order = 20, .items = T_STR, .expand_late = expand_command, .merge = MERGE_REPLACE,       \
         .flags = ATTR_JSON_ALWAYS, .engine = "Cmd")                                               \
    ATTR(CONFIGS, "configs", K_OBJECTS, T_LIST, F(struct service, configs), .order = 21,           \
         .items = T_STR | T_MAP, .sub = &file_ref_table, .expand = expand_file_refs,               \
         .unique = key_config_target)                                                              \
    ATTR(CONTAINER_NAME, "container_name", K_STRING, T_STR, F(struct service, container_name),     \
         .order = 22, .pattern = "[a-zA-Z0-9][a-zA-Z0-9_.-]+", .engine = CLIENT_SIDE)              \
    ATTR(CPU_COUNT, "cpu_count", K_INT, T_INT | T_STR, F(struct service, cpu_count), .order = 11,  \
         .cast = CAST_INT64, .max = INT64_MAX, .engine = "HostConfig.CpuCount")                    \
    ATTR(CPU_PERCENT, "cpu_percent", K_FLOAT, T_INT | T_STR, F(struct service, cpu_percent),       \
         .order = 12, .cast = CAST_FLOAT64, .max = 100)                                            \
    ATTR(CPU_PERIOD, "cpu_period", K_INT, T_NUM | T_STR, F(struct service, cpu_period),            \
         .order = 13, .cast = CAST_INT64, .engine = "HostConfig.CpuPeriod")                        \
    ATTR(CPU_QUOTA, "cpu_quota", K_INT, T_NUM | T_STR, F(struct service, cpu_quota), .order = 14,  \
         .cast = CAST_INT64, .engine = "HostConfig.CpuQuota")                                      \
    ATTR(CPU_RT_PERIOD, "cpu_rt_period", K_INT, T_NUM | T_STR, F(struct service, cpu_rt_period),   \
         .order = 15, .cast = CAST_INT64, .engine = "HostConfig.CpuRealtimePeriod")                \
    ATTR(CPU_RT_RUNTIME, "cpu_rt_runtime", K_INT, T_NUM | T_STR,                                   \
         F(struct service, cpu_rt_runtime), .order = 16, .cast = CAST_INT64,                       \
         .engine = "HostConfig.CpuRealtimeRuntime")                                                \
    ATTR(CPU_SHARES, "cpu_shares", K_INT, T_NUM | T_STR, F(struct service, cpu_shares),            \
         .order = 19, .cast = CAST_INT64, .engine = "HostConfig.CpuShares")                        \
    ATTR(CPUS, "cpus", K_FLOAT, T_NUM | T_STR, F(struct service, cpus), .order = 17,               \
         .cast = CAST_FLOAT32)                                                                     \
    ATTR(CPUSET, "cpuset", K_STRING, T_STR, F(struct service, cpuset), .order = 18,                \
         .engine = "HostConfig.CpusetCpus")                                                        \
    ATTR(CREDENTIAL_SPEC, "credential_spec", K_OBJECT, T_MAP, F(struct service, credential_spec),  \
         .order = 23, .sub = &credential_spec_table, .engine = NO_EFFECT)                          \
    ATTR(DEPENDS_ON, "depends_on", K_MAP, T_LIST | T_MAP, F(struct service, depends_on),           \
         .order = 24, .items = T_STR, .sub = &dependency_table, .expand = expand_depends_on,       \
         .merge = MERGE_DEPENDS_ON, .flags = ATTR_NO_HASH | ATTR_UNIQUE_ITEMS | ATTR_KEY_NAMES,    \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(DEPLOY, "deploy", K_OBJECT, T_MAP | T_NULL, F(struct service, deploy), .order = 25,       \
         .sub = &deploy_table)                                                                     \
    ATTR(DEVELOP, "develop", K_OBJECT, T_MAP | T_NULL, F(struct service, develop), .order = 5,     \
         .sub = &develop_table, .engine = UNSUPPORTED)                                             \
    ATTR(DEVICE_CGROUP_RULES, "device_cgroup_rules", K_STRINGS, T_LIST,                            \
         F(struct service, device_cgroup_rules), .order = 26, .items = T_STR,                      \
         .flags = ATTR_UNIQUE_ITEMS, .engine = "HostConfig.DeviceCgroupRules")                     \
    ATTR(DEVICES, "devices", K_OBJECTS, T_LIST, F(struct service, devices), .order = 27,           \
         .items = T_STR | T_MAP, .sub = &device_table, .expand = expand_devices,                   \
         .unique = key_target)                                                                     \
    ATTR(DNS, "dns", K_STRINGS, T_STR | T_LIST, F(struct service, dns), .order = 28,               \
         .items = T_STR, .expand = expand_string_list, .merge = MERGE_SEQUENCE,                    \
         .unique = key_before_equals, .flags = ATTR_UNIQUE_ITEMS, .engine = "HostConfig.Dns")      \
    ATTR(DNS_OPT, "dns_opt", K_STRINGS, T_LIST, F(struct service, dns_opt), .order = 29,           \
         .items = T_STR, .merge = MERGE_SEQUENCE, .unique = key_before_equals,                     \
         .flags = ATTR_UNIQUE_ITEMS, .engine = "HostConfig.DnsOptions")                            \
    ATTR(DNS_SEARCH, "dns_search", K_STRINGS, T_STR | T_LIST, F(struct service, dns_search),       \
         .order = 30, .items = T_STR, .expand_late = expand_string_list, .merge = MERGE_SEQUENCE,  \
         .unique = key_before_equals, .flags = ATTR_UNIQUE_ITEMS,                                  \
         .engine = "HostConfig.DnsSearch")                                                         \
    ATTR(DOMAINNAME, "domainname", K_STRING, T_STR, F(struct service, domainname), .order = 31,    \
         .engine = "Domainname")                                                                   \
    ATTR(ENTRYPOINT, "entrypoint", K_COMMAND, T_NULL | T_STR | T_LIST,                             \
         F(struct service, entrypoint), .order = 32, .items = T_STR,                               \
         .expand_late = expand_command, .merge = MERGE_REPLACE, .flags = ATTR_JSON_ALWAYS,         \
         .engine = "Entrypoint")                                                                   \
    ATTR(ENV_FILE, "env_file", K_OBJECTS, T_STR | T_LIST, F(struct service, env_file),             \
         .order = 35, .items = T_STR | T_MAP, .sub = &env_file_table, .expand = expand_env_file,   \
         .merge = MERGE_SEQUENCE, .unique = key_env_file, .engine = CLIENT_SIDE)                   \
    ATTR(ENVIRONMENT, "environment", K_MAPPING, T_MAP | T_LIST, F(struct service, environment),    \
         .order = 34, .items = T_STR, .values = T_SCALAR | T_NULL,                                 \
         .expand_late = expand_environment, .merge = MERGE_SEQUENCE, .unique = key_before_equals,  \
         .flags = ATTR_NULL_VALUES | ATTR_UNIQUE_ITEMS)                                            \
    ATTR(EXPOSE, "expose", K_STRINGS, T_LIST, F(struct service, expose), .order = 36,              \
         .items = T_STR | T_NUM, .expand_late = expand_scalar_list, .unique = key_expose,          \
         .flags = ATTR_UNIQUE_ITEMS)                                                               \
    ATTR(EXTENDS, "extends", K_NONE, T_STR | T_MAP, .sub = &extends_table, .engine = CLIENT_SIDE)  \
    ATTR(EXTERNAL_LINKS, "external_links", K_STRINGS, T_LIST, F(struct service, external_links),   \
         .order = 38, .items = T_STR, .flags = ATTR_UNIQUE_ITEMS)                                  \
    ATTR(EXTRA_HOSTS, "extra_hosts", K_HOSTS, T_MAP | T_LIST, F(struct service, extra_hosts),      \
         .order = 39, .items = T_STR, .values = T_STR | T_LIST, .expand_late = expand_extra_hosts, \
         .merge = MERGE_HOSTS, .flags = ATTR_UNIQUE_ITEMS, .engine = "HostConfig.ExtraHosts")      \
    ATTR(GPUS, "gpus", K_OBJECTS, T_STR | T_LIST, F(struct service, gpus), .order = 41,            \
         .items = T_MAP, .sub = &gpu_table, .expand = expand_gpus, .words = words_all)             \
    ATTR(GROUP_ADD, "group_add", K_STRINGS, T_LIST, F(struct service, group_add), .order = 40,     \
         .items = T_STR | T_NUM, .expand_late = expand_scalar_list, .flags = ATTR_UNIQUE_ITEMS,    \
         .engine = "HostConfig.GroupAdd")                                                          \
    ATTR(HEALTHCHECK, "healthcheck", K_OBJECT, T_MAP, F(struct service, healthcheck), .order = 43, \
         .sub = &healthcheck_table)                                                                \
    ATTR(HOSTNAME, "hostname", K_STRING, T_STR, F(struct service, hostname), .order = 42,          \
         .engine = "Hostname")                                                                     \
    ATTR(IMAGE, "image", K_STRING, T_STR, F(struct service, image), .order = 44,                   \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(INIT, "init", K_OPT_BOOL, T_BOOL | T_STR, F(struct service, init), .order = 45,           \
         .cast = CAST_BOOL, .engine = "HostConfig.Init")                                           \
    ATTR(IPC, "ipc", K_STRING, T_STR, F(struct service, ipc), .order = 46)                         \
    ATTR(ISOLATION, "isolation", K_STRING, T_STR, F(struct service, isolation), .order = 47,       \
         .engine = "HostConfig.Isolation")                                                         \
    ATTR(LABEL_FILE, "label_file", K_STRINGS, T_STR | T_LIST, F(struct service, label_file),       \
         .order = 49, .items = T_STR, .expand = expand_string_list, .merge = MERGE_SEQUENCE,       \
         .path = PATH_FILE, .flags = ATTR_NO_PRINT, .engine = CLIENT_SIDE)                         \
    ATTR(LABELS, "labels", K_MAPPING, T_MAP | T_LIST, F(struct service, labels), .order = 48,      \
         .items = T_STR, .values = T_SCALAR | T_NULL, .expand_late = expand_mapping,               \
         .merge = MERGE_SEQUENCE, .unique = key_before_equals, .flags = ATTR_UNIQUE_ITEMS)         \
    ATTR(LINKS, "links", K_STRINGS, T_LIST, F(struct service, links), .order = 50, .items = T_STR, \
         .unique = key_before_equals, .flags = ATTR_UNIQUE_ITEMS)                                  \
    ATTR(LOGGING, "logging", K_OBJECT, T_MAP, F(struct service, logging), .order = 51,             \
         .sub = &logging_table, .merge = MERGE_LOGGING)                                            \
    ATTR(MAC_ADDRESS, "mac_address", K_STRING, T_STR, F(struct service, mac_address), .order = 56) \
    ATTR(MEM_LIMIT, "mem_limit", K_BYTES, T_NUM | T_STR, F(struct service, mem_limit),             \
         .order = 52, .engine = "HostConfig.Memory")                                               \
    ATTR(MEM_RESERVATION, "mem_reservation", K_BYTES, T_INT | T_STR,                               \
         F(struct service, mem_reservation), .order = 53,                                          \
         .engine = "HostConfig.MemoryReservation")                                                 \
    ATTR(MEM_SWAPPINESS, "mem_swappiness", K_BYTES, T_INT | T_STR,                                 \
         F(struct service, mem_swappiness), .order = 55, .engine = "HostConfig.MemorySwappiness")  \
    ATTR(MEMSWAP_LIMIT, "memswap_limit", K_BYTES, T_NUM | T_STR, F(struct service, memswap_limit), \
         .order = 54, .engine = "HostConfig.MemorySwap")                                           \
    ATTR(MODELS, "models", K_MAP, T_LIST | T_MAP, F(struct service, models), .order = 57,          \
         .items = T_STR, .values = T_MAP | T_NULL, .sub = &service_model_table,                    \
         .expand = expand_names, .merge = MERGE_NAMES, .flags = ATTR_UNIQUE_ITEMS,                 \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(NETWORK_MODE, "network_mode", K_STRING, T_STR, F(struct service, network_mode),           \
         .order = 58)                                                                              \
    ATTR(NETWORKS, "networks", K_MAP, T_LIST | T_MAP, F(struct service, networks), .order = 59,    \
         .items = T_STR, .values = T_MAP | T_NULL, .sub = &service_network_table,                  \
         .expand = expand_names, .merge = MERGE_NAMES,                                             \
         .flags = ATTR_UNIQUE_ITEMS | ATTR_KEY_NAMES)                                              \
    ATTR(OOM_KILL_DISABLE, "oom_kill_disable", K_BOOL, T_BOOL | T_STR,                             \
         F(struct service, oom_kill_disable), .order = 60, .cast = CAST_BOOL,                      \
         .engine = "HostConfig.OomKillDisable")                                                    \
    ATTR(OOM_SCORE_ADJ, "oom_score_adj", K_INT, T_INT | T_STR, F(struct service, oom_score_adj),   \
         .order = 61, .cast = CAST_INT64, .min = -1000, .max = 1000,                               \
         .engine = "HostConfig.OomScoreAdj")                                                       \
    ATTR(PID, "pid", K_STRING, T_STR | T_NULL, F(struct service, pid), .order = 62)                \
    ATTR(PIDS_LIMIT, "pids_limit", K_INT, T_NUM | T_STR, F(struct service, pids_limit),            \
         .order = 63, .cast = CAST_INT64, .engine = "HostConfig.PidsLimit")                        \
    ATTR(PLATFORM, "platform", K_STRING, T_STR, F(struct service, platform), .order = 64,          \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(PORTS, "ports", K_OBJECTS, T_LIST, F(struct service, ports), .order = 65,                 \
         .items = T_NUM | T_STR | T_MAP, .sub = &port_table, .expand = expand_ports,               \
         .unique = key_port, .flags = ATTR_UNIQUE_ITEMS)                                           \
    ATTR(POST_START, "post_start", K_OBJECTS, T_LIST, F(struct service, post_start), .order = 91,  \
         .items = T_MAP, .sub = &hook_table, .engine = CLIENT_SIDE)                                \
    ATTR(PRE_START, "pre_start", K_OBJECTS, T_LIST, F(struct service, pre_start), .order = 90,     \
         .items = T_MAP, .sub = &pre_start_table, .engine = CLIENT_SIDE)                           \
    ATTR(PRE_STOP, "pre_stop", K_OBJECTS, T_LIST, F(struct service, pre_stop), .order = 92,        \
         .items = T_MAP, .sub = &hook_table, .engine = CLIENT_SIDE)                                \
    ATTR(PRIVILEGED, "privileged", K_BOOL, T_BOOL | T_STR, F(struct service, privileged),          \
         .order = 66, .cast = CAST_BOOL, .engine = "HostConfig.Privileged")                        \
    ATTR(PROFILES, "profiles", K_STRINGS, T_LIST, F(struct service, profiles), .order = 1,         \
         .items = T_STR, .unique = key_before_equals, .flags = ATTR_UNIQUE_ITEMS | ATTR_NO_HASH,   \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(PROVIDER, "provider", K_OBJECT, T_MAP, F(struct service, provider), .order = 33,          \
         .sub = &provider_table, .engine = CLIENT_SIDE)                                            \
    ATTR(PULL_POLICY, "pull_policy", K_STRING, T_STR, F(struct service, pull_policy), .order = 67, \
         .flags = ATTR_NO_HASH,                                                                    \
         .pattern = "always|never|build|if_not_present|missing|refresh|daily|weekly|every_([0-9]+[wdhms])+", \
         .engine = CLIENT_SIDE)                                                                    \
    ATTR(PULL_REFRESH_AFTER, "pull_refresh_after", K_NONE, T_STR, .engine = NO_EFFECT)             \
    ATTR(READ_ONLY, "read_only", K_BOOL, T_BOOL | T_STR, F(struct service, read_only),             \
         .order = 68, .cast = CAST_BOOL, .engine = "HostConfig.ReadonlyRootfs")                    \
    ATTR(RESTART, "restart", K_STRING, T_STR, F(struct service, restart), .order = 69)             \
    ATTR(RUNTIME, "runtime", K_STRING, T_STR, F(struct service, runtime), .order = 70,             \
         .engine = "HostConfig.Runtime")                                                           \
    ATTR(SCALE, "scale", K_OPT_INT, T_INT | T_STR, F(struct service, scale), .order = 71,          \
         .cast = CAST_INT, .flags = ATTR_NO_HASH, .engine = CLIENT_SIDE)                           \
    ATTR(SECRETS, "secrets", K_OBJECTS, T_LIST, F(struct service, secrets), .order = 72,           \
         .items = T_STR | T_MAP, .sub = &file_ref_table, .expand = expand_file_refs,               \
         .unique = key_secret_target)                                                              \
    ATTR(SECURITY_OPT, "security_opt", K_STRINGS, T_LIST, F(struct service, security_opt),         \
         .order = 73, .items = T_STR, .flags = ATTR_UNIQUE_ITEMS)                                  \
    ATTR(SHM_SIZE, "shm_size", K_BYTES, T_NUM | T_STR, F(struct service, shm_size), .order = 74,   \
         .engine = "HostConfig.ShmSize")                                                           \
    ATTR(STDIN_OPEN, "stdin_open", K_BOOL, T_BOOL | T_STR, F(struct service, stdin_open),          \
         .order = 75, .cast = CAST_BOOL, .engine = "OpenStdin")                                    \
    ATTR(STOP_GRACE_PERIOD, "stop_grace_period", K_OPT_DURATION, T_STR,                            \
         F(struct service, stop_grace_period), .order = 76)                                        \
    ATTR(STOP_SIGNAL, "stop_signal", K_STRING, T_STR, F(struct service, stop_signal), .order = 77, \
         .engine = "StopSignal")                                                                   \
    ATTR(STORAGE_OPT, "storage_opt", K_MAPPING, T_MAP, F(struct service, storage_opt),             \
         .order = 78, .values = T_STR | T_INT | T_NULL, .expand_late = expand_mapping,             \
         .engine = "HostConfig.StorageOpt")                                                        \
    ATTR(SYSCTLS, "sysctls", K_MAPPING, T_MAP | T_LIST, F(struct service, sysctls), .order = 79,   \
         .items = T_STR, .values = T_SCALAR | T_NULL, .expand_late = expand_mapping,               \
         .merge = MERGE_SEQUENCE, .unique = key_before_equals, .flags = ATTR_UNIQUE_ITEMS,         \
         .engine = "HostConfig.Sysctls")                                                           \
    ATTR(TMPFS, "tmpfs", K_STRINGS, T_STR | T_LIST, F(struct service, tmpfs), .order = 80,         \
         .items = T_STR, .expand_late = expand_string_list, .merge = MERGE_SEQUENCE,               \
         .unique = key_before_equals, .flags = ATTR_UNIQUE_ITEMS)                                  \
    ATTR(TTY, "tty", K_BOOL, T_BOOL | T_STR, F(struct service, tty), .order = 81,                  \
         .cast = CAST_BOOL, .engine = "Tty")                                                       \
    ATTR(ULIMITS, "ulimits", K_ULIMITS, T_MAP, F(struct service, ulimits), .order = 82,            \
         .values = T_INT | T_STR | T_MAP, .sub = &ulimit_table, .cast = CAST_INT,                  \
         .merge = MERGE_ENTRIES)                                                                   \
    ATTR(USE_API_SOCKET, "use_api_socket", K_BOOL, T_BOOL, F(struct service, use_api_socket),      \
         .order = 83, .engine = CLIENT_SIDE)                                                       \
    ATTR(USER, "user", K_STRING, T_STR, F(struct service, user), .order = 84, .engine = "User")    \
    ATTR(USERNS_MODE, "userns_mode", K_STRING, T_STR, F(struct service, userns_mode), .order = 85, \
         .engine = "HostConfig.UsernsMode")                                                        \
    ATTR(UTS, "uts", K_STRING, T_STR, F(struct service, uts), .order = 86,                         \
         .engine = "HostConfig.UTSMode")                                                           \
    ATTR(VOLUMES, "volumes", K_OBJECTS, T_LIST, F(struct service, volumes), .order = 87,           \
         .items = T_STR | T_MAP, .sub = &mount_table, .expand = expand_volumes,                    \
         .unique = key_volume, .flags = ATTR_UNIQUE_ITEMS)                                         \
    ATTR(VOLUMES_FROM, "volumes_from", K_STRINGS, T_LIST, F(struct service, volumes_from),         \
         .order = 88, .items = T_STR, .flags = ATTR_UNIQUE_ITEMS)                                  \
    ATTR(WORKING_DIR, "working_dir", K_STRING, T_STR, F(struct service, working_dir), .order = 89, \
         .engine = "WorkingDir")

/* clang-format on */

#define CREDENTIAL_SPEC_ID(id, ...) CREDENTIAL_SPEC_##id,
enum credential_spec_attr { CREDENTIAL_SPEC_ATTRS(CREDENTIAL_SPEC_ID) CREDENTIAL_SPEC_ATTR_COUNT };
#define DEPENDENCY_ID(id, ...) DEPENDENCY_##id,
enum dependency_attr { DEPENDENCY_ATTRS(DEPENDENCY_ID) DEPENDENCY_ATTR_COUNT };
#define DEVICE_ID(id, ...) DEVICE_##id,
enum device_attr { DEVICE_ATTRS(DEVICE_ID) DEVICE_ATTR_COUNT };
#define ENV_FILE_ID(id, ...) ENV_FILE_##id,
enum env_file_attr { ENV_FILE_ATTRS(ENV_FILE_ID) ENV_FILE_ATTR_COUNT };
#define EXTENDS_ID(id, ...) EXTENDS_##id,
enum extends_attr { EXTENDS_ATTRS(EXTENDS_ID) EXTENDS_ATTR_COUNT };
#define FILE_REF_ID(id, ...) FILE_REF_##id,
enum file_ref_attr { FILE_REF_ATTRS(FILE_REF_ID) FILE_REF_ATTR_COUNT };
#define HEALTHCHECK_ID(id, ...) HEALTHCHECK_##id,
enum healthcheck_attr { HEALTHCHECK_ATTRS(HEALTHCHECK_ID) HEALTHCHECK_ATTR_COUNT };
#define HOOK_ID(id, ...) HOOK_##id,
enum hook_attr { HOOK_ATTRS(HOOK_ID) HOOK_ATTR_COUNT };
#define PRE_START_ID(id, ...) PRE_START_##id,
enum pre_start_attr { PRE_START_ATTRS(PRE_START_ID) PRE_START_ATTR_COUNT };
#define LOGGING_ID(id, ...) LOGGING_##id,
enum logging_attr { LOGGING_ATTRS(LOGGING_ID) LOGGING_ATTR_COUNT };
#define PORT_ID(id, ...) PORT_##id,
enum port_attr { PORT_ATTRS(PORT_ID) PORT_ATTR_COUNT };
#define PROVIDER_ID(id, ...) PROVIDER_##id,
enum provider_attr { PROVIDER_ATTRS(PROVIDER_ID) PROVIDER_ATTR_COUNT };
#define SERVICE_MODEL_ID(id, ...) SERVICE_MODEL_##id,
enum service_model_attr { SERVICE_MODEL_ATTRS(SERVICE_MODEL_ID) SERVICE_MODEL_ATTR_COUNT };
#define SERVICE_NETWORK_ID(id, ...) SERVICE_NETWORK_##id,
enum service_network_attr { SERVICE_NETWORK_ATTRS(SERVICE_NETWORK_ID) SERVICE_NETWORK_ATTR_COUNT };
#define ULIMIT_ID(id, ...) ULIMIT_##id,
enum ulimit_attr { ULIMIT_ATTRS(ULIMIT_ID) ULIMIT_ATTR_COUNT };
#define WATCH_ID(id, ...) WATCH_##id,
enum watch_attr { WATCH_ATTRS(WATCH_ID) WATCH_ATTR_COUNT };
#define DEVELOP_ID(id, ...) DEVELOP_##id,
enum develop_attr { DEVELOP_ATTRS(DEVELOP_ID) DEVELOP_ATTR_COUNT };
#define SERVICE_ID(id, ...) SERVICE_##id,
enum service_attr { SERVICE_ATTRS(SERVICE_ID) SERVICE_ATTR_COUNT };

#endif
