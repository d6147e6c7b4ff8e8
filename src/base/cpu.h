// What the processor can do: one level, found once, picks every kernel table.
#ifndef QHM_BASE_CPU_H
#define QHM_BASE_CPU_H

typedef enum qhm_isa {
    QHM_ISA_BASELINE = 0,
    QHM_ISA_AVX2 = 1,   // AVX2 and FMA
    QHM_ISA_AVX512 = 2, // AVX-512 F, DQ, VL, BW
    QHM_ISA_COUNT = 3
} qhm_isa;

// The best level that this processor has and that the variable QHM_ISA does not lower.
qhm_isa qhm_cpu_isa(void);

// The best level that this processor has: tests loop up to it.
qhm_isa qhm_cpu_isa_supported(void);

const char *qhm_isa_text(qhm_isa isa);

#endif
