/* core/render/json_ops.h: the walk's writer for JSON, shared by json.c and hash.c. */
#ifndef CORE_RENDER_JSON_OPS_H
#define CORE_RENDER_JSON_OPS_H

#include "core/render/walk.h"

extern const struct writer_ops json_ops; /* its writer is a struct json_writer */

#endif
