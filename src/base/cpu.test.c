// QHM_ISA lowers the instruction set and never raises it.
#include "support/checks.h"

#include "base/cpu.h"

#include <qhm/version.h>

static void the_variable_lowers_the_level(void **state)
{
    (void)state;
    qhm_isa supported = qhm_cpu_isa_supported();
    for (int isa = QHM_ISA_BASELINE; isa < QHM_ISA_COUNT; isa++) {
        setenv("QHM_ISA", qhm_isa_text((qhm_isa)isa), 1);
        int expected = isa < (int)supported ? isa : (int)supported;
        assert_int_equal(qhm_cpu_isa(), expected);
        assert_string_equal(qhm_isa_name(), qhm_isa_text((qhm_isa)expected));
    }
}

static void without_a_known_name_the_best_is_used(void **state)
{
    (void)state;
    static const char *const values[] = {"", "sse9", "AVX2"};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        setenv("QHM_ISA", values[i], 1);
        assert_int_equal(qhm_cpu_isa(), qhm_cpu_isa_supported());
    }
    unsetenv("QHM_ISA");
    assert_int_equal(qhm_cpu_isa(), qhm_cpu_isa_supported());
}

static void the_levels_are_what_the_kernel_of_this_machine_reports(void **state)
{
    (void)state;
#if defined(__x86_64__)
    FILE *file = fopen("/proc/cpuinfo", "r");
    assert_non_null(file);
    static char line[8192];
    bool has_avx2 = false, has_avx512 = false;
    while (fgets(line, sizeof line, file))
        if (strncmp(line, "flags", 5) == 0) {
            has_avx2 = strstr(line, " avx2 ") && strstr(line, " fma ");
            has_avx512 = has_avx2 && strstr(line, " avx512f ") && strstr(line, " avx512dq ") &&
                         strstr(line, " avx512vl ") && strstr(line, " avx512bw ");
            break;
        }
    fclose(file);
    assert_int_equal(qhm_cpu_isa_supported(), has_avx512 ? QHM_ISA_AVX512
                                              : has_avx2 ? QHM_ISA_AVX2
                                                         : QHM_ISA_BASELINE);
#else
    assert_int_equal(qhm_cpu_isa_supported(), QHM_ISA_BASELINE);
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_variable_lowers_the_level),
        cmocka_unit_test(without_a_known_name_the_best_is_used),
        cmocka_unit_test(the_levels_are_what_the_kernel_of_this_machine_reports),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
