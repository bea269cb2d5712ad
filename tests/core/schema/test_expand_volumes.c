#include "core/schema/passes.h"

#include "core/base/attr.h"
#include "core/yaml/node.h"
#include "tests/lib/tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The short form, and the long one or what is wrong. */
static const struct {
    const char *in, *want;
} cases[] = {
    {"volumes: [/a]", "{volumes: [{type: volume, target: /a}]}"},
    {"volumes: [\"data:/d\"]", "{volumes: [{type: volume, source: data, target: /d, volume: {}}]}"},
    {"volumes: [\"./a:/b\"]",
     "{volumes: [{type: bind, source: ./a, target: /b, bind: {create_host_path: true}}]}"},
    {"volumes: [\"~/a:/b:ro\"]",
     "{volumes: [{type: bind, source: ~/a, target: /b, read_only: true, bind: "
     "{create_host_path: true}}]}"},
    {"volumes: [\"data:/d:ro,rw,nocopy\"]",
     "{volumes: [{type: volume, source: data, target: /d, volume: {nocopy: true}}]}"},
    {"volumes: [\"./a:/b:z,rshared\"]",
     "{volumes: [{type: bind, source: ./a, target: /b, bind: {selinux: z, propagation: "
     "rshared, create_host_path: true}}]}"},
    {"volumes: [\"data:/w:Z\"]",
     "{volumes: [{type: volume, source: data, target: /w, bind: {selinux: Z}, volume: {}}]}"},
    {"volumes: [\"a/b:/c/../d/\"]",
     "{volumes: [{type: volume, source: a/b, target: /d, volume: {}}]}"},
    {"volumes: [\"v:/data\"]", "{volumes: [{type: volume, source: v, target: /data, volume: {}}]}"},
    {"volumes: [\"v:/data:ro\"]",
     "{volumes: [{type: volume, source: v, target: /data, read_only: true, volume: {}}]}"},
    {"volumes: [\"C:/x:/y:ro\"]",
     "{volumes: [{type: bind, source: C:/x, target: /y, read_only: true, bind: "
     "{create_host_path: true}}]}"},
    {"volumes: [\"C:\\\\x:/y\"]",
     "{volumes: [{type: bind, source: C:\\x, target: /y, bind: {create_host_path: true}}]}"},
    {"volumes: [\"data:C:/x\"]",
     "{volumes: [{type: volume, source: data, target: C:/x, volume: {}}]}"},
    {"volumes: [\"${V:-./x}:/x\"]",
     "{volumes: [{type: volume, source: '${V:-./x}', target: /x, volume: {}}]}"},
    {"volumes: [ab, abc]",
     "{volumes: [{type: volume, target: ab}, {type: volume, target: abc, volume: {}}]}"},
    {"volumes: [\"./a:/b:cached\"]",
     "{volumes: [{type: bind, source: ./a, target: /b, bind: {create_host_path: true}}]}"},
    {"volumes: [\"./a:/b:readonly\"]",
     "c.yaml:1:26: warning: services.a.volumes[0]: unknown volume option 'readonly', ignored\n"},
    {"volumes: [\"\"]",
     "c.yaml:1:26: error: services.a.volumes[0]: invalid volume '': invalid empty volume spec "
     "(the form is [source:]target[:options])\n"},
    {"volumes: [\":/b\"]",
     "c.yaml:1:26: error: services.a.volumes[0]: invalid volume ':/b': empty section between "
     "colons (the form is [source:]target[:options])\n"},
    {"volumes: [\"a::/b\"]",
     "c.yaml:1:26: error: services.a.volumes[0]: invalid volume 'a::/b': empty section "
     "between colons (the form is [source:]target[:options])\n"},
    {"volumes: [\"data:/w:ro:zz\"]",
     "c.yaml:1:26: error: services.a.volumes[0]: invalid volume 'data:/w:ro:zz': too many "
     "colons (the form is [source:]target[:options])\n"},
    {"volumes: [{type: bind, source: x}]", "{volumes: [{type: bind, source: x}]}"},
    {"devices: [/a, \"/a:/b\", \"/a:/b:r\", \"a::r\", \"a:b:\"]",
     "{devices: [{source: /a, target: /a, permissions: rwm}, {source: /a, target: /b, "
     "permissions: rwm}, {source: /a, target: /b, permissions: r}, {source: a, target: a, "
     "permissions: r}, {source: a, target: b, permissions: ''}]}"},
    {"devices: [\"a:b:c:d\"]",
     "c.yaml:1:26: error: services.a.devices[0]: confusing device mapping, please use long "
     "syntax: 'a:b:c:d'\n"},
};

static void test_cases(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(cases); i++)
        tree_check_service(cases[i].in, schema_expand, cases[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
