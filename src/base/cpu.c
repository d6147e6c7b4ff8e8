// Instruction-set detection.
#include "base/cpu.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[QHM_ISA_COUNT] = {"baseline", "avx2", "avx512"};

const char *qhm_isa_text(qhm_isa isa)
{
    return names[isa];
}

qhm_isa qhm_cpu_isa_supported(void)
{
#if defined(__x86_64__)
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma"))
        return QHM_ISA_BASELINE;
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw"))
        return QHM_ISA_AVX512;
    return QHM_ISA_AVX2;
#else
    return QHM_ISA_BASELINE;
#endif
}

qhm_isa qhm_cpu_isa(void)
{
    qhm_isa best = qhm_cpu_isa_supported();
    const char *wanted = getenv("QHM_ISA");
    for (int i = 0; wanted && i < (int)best; i++)
        if (strcmp(wanted, names[i]) == 0)
            return (qhm_isa)i;
    return best;
}
