#include "core/base/library.h"

#include "core/base/err.h"

#include <dlfcn.h>
#include <string.h>

int library_load(const char *file, const char *const *names, size_t count, void *table,
                 struct err *err)
{
    void *library = dlopen(file, RTLD_LAZY | RTLD_LOCAL);

    if (!library)
        return err_set(err, ERR_IO, loc_none(), "cannot load a library: %s", dlerror());
    for (size_t i = 0; i < count; i++) {
        void *function = dlsym(library, names[i]);

        if (!function)
            return err_set(err, ERR_IO, loc_none(), "'%s' is too old: it has no %s", file,
                           names[i]);
        memcpy((char *)table + i * sizeof function, &function, sizeof function);
    }
    return 0;
}
