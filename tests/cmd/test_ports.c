#include "cmd/ports.h"

#include "core/base/str.h"
#include "core/model/observed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define P(ip, private, public, type)                                                               \
    {                                                                                              \
        ip, private, public, type                                                                  \
    }

static const struct {
    struct container_port ports[5]; /* up to the first without a type */
    const char *want;
} cases[] = {
    {{{0}}, ""},
    {{P("", 80, 0, "tcp")}, "80/tcp"},
    {{P("", 80, 0, "tcp"), P("", 81, 0, "tcp"), P("", 81, 0, "udp")}, "80-81/tcp, 81/udp"},
    {{P("", 83, 0, "tcp"), P("", 80, 0, "tcp"), P("", 81, 0, "tcp")}, "80-81/tcp, 83/tcp"},
    {{P("0.0.0.0", 80, 80, "tcp")}, "0.0.0.0:80->80/tcp"},
    {{P("0.0.0.0", 8000, 8000, "tcp"), P("0.0.0.0", 8001, 8001, "tcp"), P("::", 8000, 8000, "tcp")},
     "0.0.0.0:8000-8001->8000-8001/tcp, [::]:8000->8000/tcp"},
    {{P("0.0.0.0", 8443, 32768, "tcp"), P("::", 8443, 32768, "tcp"),
      P("127.0.0.1", 80, 18080, "tcp")},
     "127.0.0.1:18080->80/tcp, 0.0.0.0:32768->8443/tcp, [::]:32768->8443/tcp"},
    {{P("0.0.0.0", 80, 8080, "tcp"), P("", 443, 0, "tcp")}, "443/tcp, 0.0.0.0:8080->80/tcp"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct container_port ports[5], *items[5];
        struct container c = {.ports = {.items = items}};
        AUTO_TEXT out = {0};

        for (size_t k = 0; k < ARRAY_LEN(ports) && cases[i].ports[k].type; k++) {
            ports[k] = cases[i].ports[k];
            items[c.ports.len++] = &ports[k];
        }
        ports_text(&c, &out);
        assert_string_equal(str_text(&out), cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
