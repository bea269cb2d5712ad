#include "core/base/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static void test_sha256(void **state)
{
    char hex[SHA256_HEX_SIZE];

    (void)state;
    sha256_hex("", 0, hex);
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    sha256_hex("abc", 3, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void test_random(void **state)
{
    char a[101], b[101];

    (void)state;
    random_hex(a, 100);
    random_hex(b, 100);
    assert_int_equal(strlen(a), 100);
    assert_int_equal(strspn(a, "0123456789abcdef"), 100);
    assert_string_not_equal(a, b);
    random_hex(a, 7);
    assert_int_equal(strlen(a), 7);
    random_hex(a, 0);
    assert_string_equal(a, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sha256),
        cmocka_unit_test(test_random),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
