#include "core/plan/op.h"

#include "core/base/attr.h" /* ARRAY_LEN */

#include <stddef.h>

const char *op_name(enum op_kind op)
{
    static const char *const names[] = {
        [OP_NOTHING] = "nothing",
        [OP_WAIT] = "wait",
        [OP_CONTAINER_CREATE] = "container create",
        [OP_CONTAINER_COPY] = "container copy",
        [OP_CONTAINER_START] = "container start",
        [OP_CONTAINER_EXEC] = "container exec",
        [OP_CONTAINER_HOOK] = "container hook",
        [OP_CONTAINER_STOP] = "container stop",
        [OP_CONTAINER_RESTART] = "container restart",
        [OP_CONTAINER_KILL] = "container kill",
        [OP_CONTAINER_PAUSE] = "container pause",
        [OP_CONTAINER_UNPAUSE] = "container unpause",
        [OP_CONTAINER_REMOVE] = "container remove",
        [OP_CONTAINER_RENAME] = "container rename",
        [OP_NETWORK_CREATE] = "network create",
        [OP_NETWORK_REMOVE] = "network remove",
        [OP_NETWORK_CONNECT] = "network connect",
        [OP_NETWORK_DISCONNECT] = "network disconnect",
        [OP_VOLUME_CREATE] = "volume create",
        [OP_VOLUME_REMOVE] = "volume remove",
        [OP_IMAGE_PULL] = "image pull",
        [OP_IMAGE_BUILD] = "image build",
        [OP_IMAGE_REMOVE] = "image remove",
        [OP_PROVIDER_UP] = "provider up",
        [OP_PROVIDER_DOWN] = "provider down",
        [OP_MODEL_PULL] = "model pull",
        [OP_MODEL_CONFIGURE] = "model configure",
    };

    _Static_assert(ARRAY_LEN(names) == OP_KIND_COUNT, "every op has a name");
    return (size_t)op < ARRAY_LEN(names) ? names[op] : "?";
}
