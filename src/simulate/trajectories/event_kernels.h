// Serial kernels for what noise does to one large state; one table per precision and instruction
// set.
#ifndef QHM_SIMULATE_EVENT_KERNELS_H
#define QHM_SIMULATE_EVENT_KERNELS_H

#include <qhm/channel.h>
#include <stdbool.h>
#include <stdint.h>

enum { QHM_EVENT_MAX_ENTRIES = 1 << 2 * QHM_CHANNEL_MAX_QUBITS };

// An operator on the qubits of a site: qubit i of amplitude y is parity(y & signs[i]), or its
// opposite if bit i of `flipped` is 1, and y ^ masks[i] is its partner.
typedef struct qhm_event {
    unsigned qubit_count;
    uint64_t masks[QHM_CHANNEL_MAX_QUBITS], signs[QHM_CHANNEL_MAX_QUBITS];
    uint32_t flipped;
    const qhm_complex *matrix; // [2^k][2^k]
} qhm_event;

// Arrays re, im [2^n]; amplitudes [first, last).
typedef struct qhm_event_kernels {
    // Multiplies the groups whose first member, all of its qubits 0, lies there.
    void (*apply)(void *re, void *im, const qhm_event *event, size_t first, size_t last);
    // entries [2^k][2^k] += the sum over those groups of psi_a conj(psi_b), for a <= b.
    void (*reduce)(const void *re, const void *im, const qhm_event *event, size_t first,
                   size_t last, qhm_complex *entries);
    double (*norm)(const void *re, const void *im, size_t first, size_t last);
    // The first amplitude at which the sum from `first` on passes target; last - 1 if none does.
    size_t (*find)(const void *re, const void *im, size_t first, size_t last, double target);
} qhm_event_kernels;

extern const qhm_event_kernels qhm_event_kernels_baseline_float;
extern const qhm_event_kernels qhm_event_kernels_baseline_double;
#if defined(__x86_64__)
extern const qhm_event_kernels qhm_event_kernels_avx2_float;
extern const qhm_event_kernels qhm_event_kernels_avx2_double;
extern const qhm_event_kernels qhm_event_kernels_avx512_float;
extern const qhm_event_kernels qhm_event_kernels_avx512_double;
#endif

#endif
