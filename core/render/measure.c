/* core/render/measure.c: what is printed otherwise than it is written. */
#include "core/render/render.h"

#include "core/base/str.h"
#include "core/base/text.h"
#include "core/schema/attr.h"
#include "core/yaml/node.h"

bool render_measure(const struct attr *row, const struct node *n, struct str *out)
{
    AUTO_TEXT why = {0};
    int64_t value;

    if (!row)
        return false;
    if (row->kind == K_MODE && n->kind == NODE_INT) {
        mode_format(n->integer, out);
        return true;
    }
    if (n->kind != NODE_STRING)
        return false;
    if (row->kind == K_BYTES && bytes_parse(n->string.text, &value, &why) == 0) {
        str_addf(out, "%lld", (long long)value);
        return true;
    }
    if ((row->kind == K_DURATION || row->kind == K_OPT_DURATION) &&
        duration_parse(n->string.text, &value, &why) == 0) {
        duration_format(value, out);
        return true;
    }
    return false;
}
