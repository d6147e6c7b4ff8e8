// Samples of operations for their tests, and the instruction set that they run on.
#ifndef QHM_TESTS_OP_SAMPLES_H
#define QHM_TESTS_OP_SAMPLES_H

#include "base/cpu.h"
#include "tensor/ops.h"

typedef struct sample {
    qhm_op op;
    size_t input_count;
    qhm_shape shapes[4];
    qhm_op_attributes attributes;
    size_t index_bound; // of index inputs
    bool is_positive;   // inputs are drawn from [0.5, 1.5) instead of normal numbers
    bool is_training;
    unsigned masks;    // bit i: input i is a mask of 0 and 1 that begins with 1
    const char *error; // part of the message that the sample must cause; NULL: it is right
} sample;

#define S1(a)                                                                                      \
    {                                                                                              \
        1,                                                                                         \
        {                                                                                          \
            a                                                                                      \
        }                                                                                          \
    }
#define S2(a, b)                                                                                   \
    {                                                                                              \
        2,                                                                                         \
        {                                                                                          \
            a, b                                                                                   \
        }                                                                                          \
    }
#define S3(a, b, c)                                                                                \
    {                                                                                              \
        3,                                                                                         \
        {                                                                                          \
            a, b, c                                                                                \
        }                                                                                          \
    }
#define S4(a, b, c, d)                                                                             \
    {                                                                                              \
        4,                                                                                         \
        {                                                                                          \
            a, b, c, d                                                                             \
        }                                                                                          \
    }

static inline bool is_index(const sample *s, size_t input)
{
    return qhm_op_find(s->op, QHM_FLOAT64)->index_inputs >> input & 1;
}

static inline void use_isa(int isa)
{
    setenv("QHM_ISA", qhm_isa_text((qhm_isa)isa), 1);
}

#endif
