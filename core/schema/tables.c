/* core/schema/tables.c: makes the attribute tables out of the rows. */
#include "core/schema/attr.h"

#include "core/base/attr.h" /* ARRAY_LEN */
#include "core/model/model.h"
#include "core/schema/blkio.h"
#include "core/schema/build.h"
#include "core/schema/deploy.h"
#include "core/schema/expand.h"
#include "core/schema/mount.h"
#include "core/schema/project.h"
#include "core/schema/resources.h"
#include "core/schema/service.h"
#include "core/schema/unique.h"

/* In the order of docker compose's schema, because messages list them. */
static const char *const words_all[] = {"all", NULL};
static const char *const words_cgroup[] = {"host", "private", NULL};
static const char *const words_condition[] = {"service_started", "service_healthy",
                                              "service_completed_successfully", NULL};
static const char *const words_order[] = {"start-first", "stop-first", NULL};
static const char *const words_action[] = {"rebuild",      "sync",      "restart",
                                           "sync+restart", "sync+exec", NULL};
static const char *const words_mount_type[] = {"bind",  "volume", "tmpfs", "cluster",
                                               "npipe", "image",  NULL};
static const char *const words_recursive[] = {"enabled", "disabled", "writable", "readonly", NULL};
static const char *const words_selinux[] = {"z", "Z", NULL};

static const struct attr_table bind_table;
static const struct attr_table blkio_config_table;
static const struct attr_table build_table;
static const struct attr_table credential_spec_table;
static const struct attr_table dependency_table;
static const struct attr_table deploy_table;
static const struct attr_table develop_table;
static const struct attr_table device_request_table;
static const struct attr_table device_table;
static const struct attr_table discrete_spec_table;
static const struct attr_table env_file_table;
static const struct attr_table extends_table;
static const struct attr_table external_table;
static const struct attr_table file_ref_table;
static const struct attr_table generic_resource_table;
static const struct attr_table gpu_table;
static const struct attr_table healthcheck_table;
static const struct attr_table hook_table;
static const struct attr_table include_table;
static const struct attr_table ipam_config_table;
static const struct attr_table ipam_table;
static const struct attr_table limits_table;
static const struct attr_table logging_table;
static const struct attr_table model_table;
static const struct attr_table mount_image_table;
static const struct attr_table mount_table;
static const struct attr_table mount_volume_table;
static const struct attr_table open_external_table;
static const struct attr_table placement_table;
static const struct attr_table port_table;
static const struct attr_table pre_start_table;
static const struct attr_table preference_table;
static const struct attr_table provider_table;
static const struct attr_table reservations_table;
static const struct attr_table resources_table;
static const struct attr_table restart_policy_table;
static const struct attr_table service_model_table;
static const struct attr_table service_network_table;
static const struct attr_table throttle_device_table;
static const struct attr_table tmpfs_table;
static const struct attr_table ulimit_table;
static const struct attr_table update_config_table;
static const struct attr_table watch_table;
static const struct attr_table weight_device_table;

/* F() is left out where there is no member (K_NONE); everything after the types is designated. */
#define F(type, member) .offset = offsetof(type, member)
#define ROW(id_, name_, kind_, types_, ...)                                                        \
    {.name = name_, .kind = kind_, .types = types_, __VA_ARGS__},
#define TABLE(storage, var, ROWS, type, ...)                                                       \
    static const struct attr var##_attrs[] = {ROWS(ROW)};                                          \
    static struct attr_index var##_index;                                                          \
    storage const struct attr_table var##_table = {.name = #var,                                   \
                                                   .attrs = var##_attrs,                           \
                                                   .count = ARRAY_LEN(var##_attrs),                \
                                                   .size = sizeof(type),                           \
                                                   .index = &var##_index,                          \
                                                   __VA_ARGS__}

/* clang-format off */
TABLE(static, build, BUILD_ATTRS, struct build, .extensions = true);
TABLE(static, discrete_spec, DISCRETE_SPEC_ATTRS, struct discrete_spec, .extensions = true);
TABLE(static, generic_resource, GENERIC_RESOURCE_ATTRS, struct generic_resource,
      .extensions = true);
TABLE(static, device_request, DEVICE_REQUEST_ATTRS, struct device_request,
      .extensions = true, .extensions_lost = true);
TABLE(static, gpu, GPU_ATTRS, struct device_request,
      .extensions = true, .extensions_lost = true, .open = true);
TABLE(static, limits, LIMITS_ATTRS, struct resource, .extensions = true);
TABLE(static, reservations, RESERVATIONS_ATTRS, struct resource, .extensions = true);
TABLE(static, resources, RESOURCES_ATTRS, struct resources, .extensions = true);
TABLE(static, update_config, UPDATE_CONFIG_ATTRS, struct update_config, .extensions = true);
TABLE(static, restart_policy, RESTART_POLICY_ATTRS, struct restart_policy, .extensions = true);
TABLE(static, preference, PREFERENCE_ATTRS, struct preference, .extensions = true);
TABLE(static, placement, PLACEMENT_ATTRS, struct placement, .extensions = true);
TABLE(static, deploy, DEPLOY_ATTRS, struct deploy, .extensions = true);
TABLE(static, throttle_device, THROTTLE_DEVICE_ATTRS, struct throttle_device, .extensions = false);
TABLE(static, weight_device, WEIGHT_DEVICE_ATTRS, struct weight_device, .extensions = false);
TABLE(static, blkio_config, BLKIO_CONFIG_ATTRS, struct blkio_config, .extensions = false);
TABLE(static, bind, BIND_ATTRS, struct bind, .extensions = true);
TABLE(static, mount_volume, MOUNT_VOLUME_ATTRS, struct mount_volume, .extensions = true);
TABLE(static, tmpfs, TMPFS_ATTRS, struct tmpfs, .extensions = true);
TABLE(static, mount_image, MOUNT_IMAGE_ATTRS, struct mount_image, .extensions = true);
TABLE(static, mount, MOUNT_ATTRS, struct mount, .extensions = true);
TABLE(static, external, EXTERNAL_ATTRS, struct item, .extensions = true);
TABLE(static, open_external, EXTERNAL_ATTRS, struct item, .extensions = true, .open = true);
TABLE(static, ipam_config, IPAM_CONFIG_ATTRS, struct ipam_config,
      .extensions = true, .extensions_lost = true);
TABLE(static, ipam, IPAM_ATTRS, struct ipam, .extensions = true);
TABLE(, network, NETWORK_ATTRS, struct network, .extensions = true);
TABLE(, volume, VOLUME_ATTRS, struct volume, .extensions = true);
TABLE(, secret, SECRET_ATTRS, struct file_source, .extensions = true);
TABLE(, config, CONFIG_ATTRS, struct file_source, .extensions = true);
TABLE(static, model, MODEL_ATTRS, struct model, .extensions = true);
TABLE(static, credential_spec, CREDENTIAL_SPEC_ATTRS, struct credential_spec, .extensions = true);
TABLE(static, dependency, DEPENDENCY_ATTRS, struct dependency, .extensions = true);
TABLE(static, device, DEVICE_ATTRS, struct device, .extensions = true);
TABLE(static, env_file, ENV_FILE_ATTRS, struct env_file, .extensions = false);
TABLE(static, extends, EXTENDS_ATTRS, struct item, .extensions = true, .open = true);
TABLE(static, file_ref, FILE_REF_ATTRS, struct file_ref, .extensions = true);
TABLE(static, healthcheck, HEALTHCHECK_ATTRS, struct healthcheck, .extensions = true);
TABLE(static, hook, HOOK_ATTRS, struct hook, .extensions = true);
TABLE(static, pre_start, PRE_START_ATTRS, struct hook, .extensions = true);
TABLE(static, logging, LOGGING_ATTRS, struct logging, .extensions = true);
TABLE(static, port, PORT_ATTRS, struct port, .extensions = true);
TABLE(static, provider, PROVIDER_ATTRS, struct provider, .extensions = true);
TABLE(static, service_model, SERVICE_MODEL_ATTRS, struct service_model, .extensions = true);
TABLE(static, service_network, SERVICE_NETWORK_ATTRS, struct service_network, .extensions = true);
TABLE(static, ulimit, ULIMIT_ATTRS, struct ulimit, .extensions = true, .extensions_lost = true);
TABLE(static, watch, WATCH_ATTRS, struct watch, .extensions = true);
TABLE(static, develop, DEVELOP_ATTRS, struct develop, .extensions = true);
TABLE(, service, SERVICE_ATTRS, struct service, .extensions = true);
TABLE(static, include, INCLUDE_ATTRS, struct item, .extensions = true, .open = true);
TABLE(, project, PROJECT_ATTRS, struct project, .extensions = true);
/* clang-format on */
