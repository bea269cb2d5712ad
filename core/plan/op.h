/* core/plan/op.h: the kinds of step a plan is made of: one engine call each, or a wait. */
#ifndef CORE_PLAN_OP_H
#define CORE_PLAN_OP_H

enum op_kind {
    OP_NOTHING, /* no call: something that is so already and is only told, or a meeting point */
    OP_WAIT,    /* until a container is started, healthy, completed: by events */
    OP_CONTAINER_CREATE,
    OP_CONTAINER_COPY, /* secrets and configs that are not bind mounts */
    OP_CONTAINER_START,
    OP_CONTAINER_EXEC, /* a command in it, until that ends: hooks */
    OP_CONTAINER_HOOK, /* one of its own, from create to remove: pre_start */
    OP_CONTAINER_STOP,
    OP_CONTAINER_RESTART,
    OP_CONTAINER_KILL,
    OP_CONTAINER_PAUSE,
    OP_CONTAINER_UNPAUSE,
    OP_CONTAINER_REMOVE,
    OP_CONTAINER_RENAME,
    OP_NETWORK_CREATE,
    OP_NETWORK_REMOVE,
    OP_NETWORK_CONNECT,
    OP_NETWORK_DISCONNECT,
    OP_VOLUME_CREATE,
    OP_VOLUME_REMOVE,
    OP_IMAGE_PULL,
    OP_IMAGE_BUILD,
    OP_IMAGE_REMOVE,
    OP_PROVIDER_UP, /* another program does it */
    OP_PROVIDER_DOWN,
    OP_MODEL_PULL, /* docker's plugin for models does it */
    OP_MODEL_CONFIGURE,
    OP_KIND_COUNT,
};
const char *op_name(enum op_kind op); /* "container create" */

#endif
