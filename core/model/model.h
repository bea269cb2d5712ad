/* core/model/model.h: the Compose model, plain data without behaviour.
 *
 * Filled by core/schema/decode.c from the canonical tree, by the rows of core/schema; never changed
 * after loading. Members are named as the attributes of the Compose specification. All of it lives
 * in the project's arena and goes in project_free(). What a member's emptiness means is said by its
 * kind in core/schema/attr.h; members stand in the order `config` prints them. */
#ifndef CORE_MODEL_MODEL_H
#define CORE_MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct env;
struct node;

struct opt_bool {
    bool set, value;
};

struct opt_int {
    bool set;
    int64_t value;
};

struct strings {
    const char **items;
    size_t len;
};

bool strings_have(const struct strings *list, const char *text);

/* Absent, empty and given are three things: `command: []` is not the same as no command. */
struct argv {
    const char **items;
    size_t len;
    bool set;
};

struct mapping_entry {
    const char *key;
    const char *value; /* NULL: null, a name without a value */
};

/* Sorted by key, bytewise. */
struct mapping {
    struct mapping_entry *entries;
    size_t len;
};

/* First member of everything that stands for a mapping of the file. */
struct item {
    const char *key; /* its name in the map it stands in; NULL in lists and single objects */
    const struct node *node; /* its canonical tree: positions of all attributes, and x-* */
    bool null;               /* written as null */
};

/* Pointers, so that a table can walk any list: items are structs whose
 * first member is struct item. */
#define LIST_OF(type)                                                                              \
    struct {                                                                                       \
        type **items;                                                                              \
        size_t len;                                                                                \
    }

/* services.*.depends_on.* (compose-spec 05-services.md). item.key is the other service. */
struct dependency {
    struct item item;
    const char *condition;
    bool restart;
    bool required;
    bool implied; /* from links, network_mode, volumes_from...: not written as depends_on */
};

/* services.*.devices[] */
struct device {
    struct item item;
    const char *source;
    const char *target;
    const char *permissions;
};

/* services.*.env_file[] */
struct env_file {
    struct item item;
    const char *path;
    bool required;
    const char *format;
};

/* services.*.secrets[], services.*.configs[], services.*.build.secrets[] */
struct file_ref {
    struct item item;
    const char *source;
    const char *target;
    const char *uid;
    const char *gid;
    struct opt_int mode; /* permission bits */
};

/* services.*.healthcheck */
struct healthcheck {
    struct item item;
    struct strings test;
    struct opt_int timeout;  /* ns */
    struct opt_int interval; /* ns */
    struct opt_int retries;
    struct opt_int start_period;   /* ns */
    struct opt_int start_interval; /* ns */
    bool disable;
};

/* services.*.{pre_start,post_start,pre_stop}[], develop.watch[].exec */
struct hook {
    struct item item;
    struct argv command;
    const char *image;
    const char *user;
    bool privileged;
    const char *working_dir;
    struct mapping environment;
    bool per_replica;
};

/* services.*.logging */
struct logging {
    struct item item;
    const char *driver;
    struct mapping options;
};

/* services.*.ports[], one container port each (compose-spec 05-services.md, ports) */
struct port {
    struct item item;
    const char *name;
    const char *mode;
    const char *host_ip;
    int64_t target;
    const char *published;
    const char *protocol;
    const char *app_protocol;
};

/* services.*.provider.options.*: every option is a list */
struct option_list {
    struct item item;
    struct strings values;
};

/* services.*.provider */
struct provider {
    struct item item;
    const char *type;
    LIST_OF(struct option_list) options;
};

/* services.*.models.* */
struct service_model {
    struct item item;
    const char *endpoint_var;
    const char *model_var;
};

/* services.*.networks.*; item.null: written without a value */
struct service_network {
    struct item item;
    struct strings aliases;
    struct mapping driver_opts;
    int64_t gw_priority;
    const char *interface_name;
    const char *ipv4_address;
    const char *ipv6_address;
    struct strings link_local_ips;
    const char *mac_address;
    int64_t priority;
};

/* services.*.ulimits.* */
struct ulimit {
    struct item item;
    int64_t soft;
    int64_t hard;
    bool single; /* written as one number: soft and hard are equal */
};

/* services.*.develop.watch[] */
struct watch {
    struct item item;
    const char *path;
    const char *action;
    const char *target;
    struct hook *exec;
    struct strings include;
    struct strings ignore;
    bool initial_sync;
};

/* services.*.develop */
struct develop {
    struct item item;
    LIST_OF(struct watch) watch;
};

/* services.*.blkio_config.device_*[]; rate in bytes or operations a second */
struct throttle_device {
    struct item item;
    const char *path;
    int64_t rate; /* bytes */
};

/* services.*.blkio_config.weight_device[] */
struct weight_device {
    struct item item;
    const char *path;
    int64_t weight;
};

/* services.*.blkio_config */
struct blkio_config {
    struct item item;
    int64_t weight;
    LIST_OF(struct weight_device) weight_device;
    LIST_OF(struct throttle_device) device_read_bps;
    LIST_OF(struct throttle_device) device_read_iops;
    LIST_OF(struct throttle_device) device_write_bps;
    LIST_OF(struct throttle_device) device_write_iops;
};

/* services.*.credential_spec */
struct credential_spec {
    struct item item;
    const char *config;
    const char *file;
    const char *registry;
};

/* services.*.volumes[].bind */
struct bind {
    struct item item;
    const char *selinux;
    const char *propagation;
    bool create_host_path;
    const char *recursive;
    bool create_host_path_given; /* written, or implied by the short form */
};

/* services.*.volumes[].volume */
struct mount_volume {
    struct item item;
    struct mapping labels;
    bool nocopy;
    const char *subpath;
};

/* services.*.volumes[].tmpfs */
struct tmpfs {
    struct item item;
    int64_t size; /* bytes */
    int64_t mode;
};

/* services.*.volumes[].image */
struct mount_image {
    struct item item;
    const char *subpath;
};

/* services.*.volumes[] (compose-spec 05-services.md, volumes) */
struct mount {
    struct item item;
    const char *type;
    const char *source;
    const char *target;
    bool read_only;
    const char *consistency;
    struct bind *bind;
    struct mount_volume *volume;
    struct tmpfs *tmpfs;
    struct mount_image *image;
};

/* deploy.resources.reservations.generic_resources[] */
struct discrete_spec {
    struct item item;
    const char *kind;
    int64_t value;
};

struct generic_resource {
    struct item item;
    struct discrete_spec *discrete_resource_spec;
};

/* services.*.gpus[], deploy.resources.reservations.devices[]; count -1 is all */
struct device_request {
    struct item item;
    struct strings capabilities;
    const char *driver;
    int64_t count;
    struct strings device_ids;
    struct mapping options;
};

/* deploy.resources.limits and .reservations */
struct resource {
    struct item item;
    double cpus;
    int64_t memory; /* bytes */
    int64_t pids;
    LIST_OF(struct device_request) devices;
    LIST_OF(struct generic_resource) generic_resources;
};

/* services.*.deploy.resources (compose-spec deploy.md) */
struct resources {
    struct item item;
    struct resource *limits;
    struct resource *reservations;
};

/* deploy.update_config, deploy.rollback_config */
struct update_config {
    struct item item;
    struct opt_int parallelism;
    int64_t delay; /* ns */
    const char *failure_action;
    int64_t monitor; /* ns */
    double max_failure_ratio;
    const char *order;
};

/* deploy.restart_policy */
struct restart_policy {
    struct item item;
    const char *condition;
    struct opt_int delay; /* ns */
    struct opt_int max_attempts;
    struct opt_int window; /* ns */
};

/* deploy.placement.preferences[] */
struct preference {
    struct item item;
    const char *spread;
};

/* deploy.placement */
struct placement {
    struct item item;
    struct strings constraints;
    LIST_OF(struct preference) preferences;
    int64_t max_replicas_per_node;
};

/* services.*.deploy (compose-spec deploy.md) */
struct deploy {
    struct item item;
    const char *mode;
    struct opt_int replicas;
    struct mapping labels;
    struct update_config *update_config;
    struct update_config *rollback_config;
    struct resources *resources;
    struct restart_policy *restart_policy;
    struct placement *placement;
    const char *endpoint_mode;
};

/* services.*.build (compose-spec build.md) */
struct build {
    struct item item;
    const char *context;
    const char *dockerfile;
    const char *dockerfile_inline;
    struct strings entitlements;
    struct mapping args;
    const char *provenance;
    const char *sbom;
    struct mapping ssh;
    struct mapping labels;
    struct strings cache_from;
    struct strings cache_to;
    bool no_cache;
    struct strings no_cache_filter;
    struct mapping additional_contexts;
    bool pull;
    struct strings extra_hosts;
    const char *isolation;
    const char *network;
    const char *target;
    LIST_OF(struct file_ref) secrets;
    int64_t shm_size; /* bytes */
    struct strings tags;
    LIST_OF(struct ulimit) ulimits;
    struct strings platforms;
    bool privileged;
};

/* services.* (compose-spec 05-services.md). item.key is the name of the service. */
struct service {
    struct item item;
    struct strings profiles;
    struct mapping annotations;
    struct opt_bool attach;
    struct build *build;
    struct develop *develop;
    struct blkio_config *blkio_config;
    struct strings cap_add;
    struct strings cap_drop;
    const char *cgroup_parent;
    const char *cgroup;
    int64_t cpu_count;
    double cpu_percent;
    int64_t cpu_period;
    int64_t cpu_quota;
    int64_t cpu_rt_period;
    int64_t cpu_rt_runtime;
    double cpus;
    const char *cpuset;
    int64_t cpu_shares;
    struct argv command;
    LIST_OF(struct file_ref) configs;
    const char *container_name;
    struct credential_spec *credential_spec;
    LIST_OF(struct dependency) depends_on;
    struct deploy *deploy;
    struct strings device_cgroup_rules;
    LIST_OF(struct device) devices;
    struct strings dns;
    struct strings dns_opt;
    struct strings dns_search;
    const char *domainname;
    struct argv entrypoint;
    struct provider *provider;
    struct mapping environment;
    LIST_OF(struct env_file) env_file;
    struct strings expose;
    struct strings external_links;
    struct strings extra_hosts;
    struct strings group_add;
    LIST_OF(struct device_request) gpus;
    const char *hostname;
    struct healthcheck *healthcheck;
    const char *image;
    struct opt_bool init;
    const char *ipc;
    const char *isolation;
    struct mapping labels;
    struct strings label_file;
    struct strings links;
    struct logging *logging;
    int64_t mem_limit;       /* bytes */
    int64_t mem_reservation; /* bytes */
    int64_t memswap_limit;   /* bytes */
    int64_t mem_swappiness;  /* bytes */
    const char *mac_address;
    LIST_OF(struct service_model) models;
    const char *network_mode;
    LIST_OF(struct service_network) networks;
    bool oom_kill_disable;
    int64_t oom_score_adj;
    const char *pid;
    int64_t pids_limit;
    const char *platform;
    LIST_OF(struct port) ports;
    bool privileged;
    const char *pull_policy;
    bool read_only;
    const char *restart;
    const char *runtime;
    struct opt_int scale;
    LIST_OF(struct file_ref) secrets;
    struct strings security_opt;
    int64_t shm_size; /* bytes */
    bool stdin_open;
    struct opt_int stop_grace_period; /* ns */
    const char *stop_signal;
    struct mapping storage_opt;
    struct mapping sysctls;
    struct strings tmpfs;
    bool tty;
    LIST_OF(struct ulimit) ulimits;
    bool use_api_socket;
    const char *user;
    const char *userns_mode;
    const char *uts;
    LIST_OF(struct mount) volumes;
    struct strings volumes_from;
    const char *working_dir;
    LIST_OF(struct hook) pre_start;
    LIST_OF(struct hook) post_start;
    LIST_OF(struct hook) pre_stop;
    /* Resolved while loading. */
    bool disabled;            /* not in an active profile, or not selected */
    struct strings env_files; /* paths that were read, as written in the canonical model */
};

/* networks.*.ipam.config[] */
struct ipam_config {
    struct item item;
    const char *subnet;
    const char *gateway;
    const char *ip_range;
    struct mapping aux_addresses;
};

/* networks.*.ipam */
struct ipam {
    struct item item;
    const char *driver;
    LIST_OF(struct ipam_config) config;
    struct mapping options;
};

/* networks.* (compose-spec 06-networks.md). item.key is the key in the file, name the engine's. */
struct network {
    struct item item;
    const char *name;
    const char *driver;
    struct mapping driver_opts;
    struct ipam *ipam;
    bool external;
    bool internal;
    bool attachable;
    struct mapping labels;
    struct opt_bool enable_ipv4;
    struct opt_bool enable_ipv6;
};

/* volumes.* (compose-spec 07-volumes.md) */
struct volume {
    struct item item;
    const char *name;
    const char *driver;
    struct mapping driver_opts;
    bool external;
    struct mapping labels;
};

/* secrets.* and configs.* (compose-spec 08-configs.md, 09-secrets.md) */
struct file_source {
    struct item item;
    const char *name;
    const char *file;
    const char *environment;
    const char *content;
    bool external;
    struct mapping labels;
    const char *driver;
    struct mapping driver_opts;
    const char *template_driver;
    const char *value; /* of `environment`, captured while loading; NULL: the variable is not set */
    const char *data;  /* of `file` when it is copied, core/load/sources.h; NULL: not read */
    size_t data_len;
    const char *problem; /* with `file`; NULL: none is known */
};

/* models.* */
struct model {
    struct item item;
    const char *name;
    const char *model;
    int64_t context_size;
    struct strings runtime_flags;
};

/* A loaded project: everything the files, the environment and the command line said. */
struct project {
    struct item item;
    const char *name;
    LIST_OF(struct service) services;
    LIST_OF(struct network) networks;
    LIST_OF(struct volume) volumes;
    LIST_OF(struct file_source) secrets;
    LIST_OF(struct file_source) configs;
    LIST_OF(struct model) models;
    const char *working_dir;     /* absolute; relative paths start here */
    struct strings config_files; /* absolute, in order; "-" for standard input */
    struct strings env_files;    /* absolute paths of --env-file; empty when none was given */
    struct strings profiles;     /* active ones */
    struct env *env;             /* what interpolation saw; core/load/env.h */
    const struct node *root;     /* the canonical tree the model was decoded from */
    bool compatibility;          /* names use '_' between their parts */
    struct arena *arena;         /* all of the above lives here */
};

/* Frees the project with everything in it (its arena); takes NULL. */
void project_free(struct project *p);

/* Look-ups; NULL when absent. services include disabled ones. */
struct service *project_service(const struct project *p, const char *name);
struct network *project_network(const struct project *p, const char *key);
struct volume *project_volume(const struct project *p, const char *key);
struct file_source *project_secret(const struct project *p, const char *key);
struct file_source *project_config(const struct project *p, const char *key);
const struct dependency *service_dependency(const struct service *s, const char *name);

/* uid, gid or mode is given */
bool file_ref_has_owner(const struct file_ref *r);
/* What of the model is mounted over `path` in containers of `s`. */
enum mount_over { OVER_NOTHING, OVER_VOLUME /* or a bind mount */, OVER_TMPFS };
enum mount_over service_mounts_over(const struct project *p, const struct service *s,
                                    const char *path);
/* Where it stands in the container: below `dir`, which ends with a slash, unless it is absolute. */
#define SECRETS_BELOW "/run/secrets/"
#define CONFIGS_BELOW "/"
const char *file_ref_target(struct arena *a, const struct file_ref *r, const char *dir);
/* Whether what `r` names is copied into containers of `s`; else it is a bind mount. A file under
 * another mount is not: the copy would land in what is mounted, or be hidden by it. */
bool file_ref_is_copied(const struct project *p, const struct service *s, const struct file_ref *r,
                        const struct file_source *f, const char *target);

const char *mapping_get(const struct mapping *m, const char *key); /* NULL: absent or null */
bool mapping_has(const struct mapping *m, const char *key);

#endif
