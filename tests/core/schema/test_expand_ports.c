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
    {"ports: [80]", "{ports: [{mode: ingress, target: 80, protocol: tcp}]}"},
    {"ports: [\"8080:80\"]",
     "{ports: [{mode: ingress, target: 80, published: '8080', protocol: tcp}]}"},
    {"ports: [\"127.0.0.1:8080:80/UDP\"]",
     "{ports: [{mode: ingress, host_ip: 127.0.0.1, target: 80, published: '8080', protocol: "
     "udp}]}"},
    {"ports: [\"9-11\"]",
     "{ports: [{mode: ingress, target: 10, protocol: tcp}, {mode: ingress, target: 11, "
     "protocol: tcp}, {mode: ingress, target: 9, protocol: tcp}]}"},
    {"ports: [\"8000-8002:80\"]",
     "{ports: [{mode: ingress, target: 80, published: 8000-8002, protocol: tcp}]}"},
    {"ports: [\"81-82:91-92/sctp\"]",
     "{ports: [{mode: ingress, target: 91, published: '81', protocol: sctp}, {mode: ingress, "
     "target: 92, published: '82', protocol: sctp}]}"},
    {"ports: [\"127.0.0.1::80\"]",
     "{ports: [{mode: ingress, host_ip: 127.0.0.1, target: 80, protocol: tcp}]}"},
    {"ports: [\"[::1]:80:81\", \"::1:80:82\"]",
     "{ports: [{mode: ingress, host_ip: ::1, target: 81, published: '80', protocol: tcp}, "
     "{mode: ingress, host_ip: ::1, target: 82, published: '80', protocol: tcp}]}"},
    {"ports: [\"0:80\"]", "{ports: [{mode: ingress, target: 80, published: '0', protocol: tcp}]}"},
    {"ports: [\"80/\"]", "{ports: [{mode: ingress, target: 80, protocol: tcp}]}"},
    {"ports: [{target: 80, published: 81}]", "{ports: [{target: 80, published: 81}]}"},
    {"ports: [\"80a:80\"]",
     "c.yaml:1:24: error: services.a.ports[0]: invalid published port '80a' (a number from 0 "
     "to 65535, or a range like 8000-8010)\n"},
    {"ports: [\"80:abc\", \"70000\"]",
     "c.yaml:1:24: error: services.a.ports[0]: invalid container port 'abc' (a number from 1 "
     "to 65535, or a range like 8000-8010)\n"
     "c.yaml:1:34: error: services.a.ports[1]: invalid container port '70000' (a number from "
     "1 to 65535, or a range like 8000-8010)\n"},
    {"ports: [\"80:\"]",
     "c.yaml:1:24: error: services.a.ports[0]: invalid port: no container port in '80:' (the "
     "form is [[IP:]PUBLISHED:]CONTAINER[/PROTOCOL])\n"},
    {"ports: [\"\"]",
     "c.yaml:1:24: error: services.a.ports[0]: invalid port: no container port in '' (the "
     "form is [[IP:]PUBLISHED:]CONTAINER[/PROTOCOL])\n"},
    {"ports: [\"0\"]",
     "c.yaml:1:24: error: services.a.ports[0]: invalid container port '0' (a number from 1 to "
     "65535, or a range like 8000-8010)\n"},
    {"ports: [\"80-79\"]",
     "c.yaml:1:24: error: services.a.ports[0]: invalid container port '80-79' (a number from "
     "1 to 65535, or a range like 8000-8010)\n"},
    {"ports: [\"1-2-3\"]",
     "c.yaml:1:24: error: services.a.ports[0]: invalid container port '1-2-3' (a number from "
     "1 to 65535, or a range like 8000-8010)\n"},
    {"ports: [\"8000:80-82\"]",
     "c.yaml:1:24: error: services.a.ports[0]: invalid port: two ranges that differ in "
     "length: '80-82 and 8000' (a range can be published on a range of the same length, or on "
     "any free ports)\n"},
    {"ports: [\"80/foo\"]",
     "c.yaml:1:24: error: services.a.ports[0]: invalid protocol 'foo' (tcp, udp or sctp)\n"},
    {"ports: [\"localhost:80:80\"]",
     "c.yaml:1:24: error: services.a.ports[0]: invalid IP address 'localhost' (the form is "
     "[[IP:]PUBLISHED:]CONTAINER[/PROTOCOL], and names do not work for IP)\n"},
    {"ports: [\"01.2.3.4:80:80\"]",
     "c.yaml:1:24: error: services.a.ports[0]: invalid IP address '01.2.3.4' (the form is "
     "[[IP:]PUBLISHED:]CONTAINER[/PROTOCOL], and names do not work for IP)\n"},
    {"ports: [80.5]", "c.yaml:1:24: error: services.a.ports[0]: invalid port '80.5'\n"},
    {"ports: [true], image: x", "{ports: [true], image: x}"},
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
