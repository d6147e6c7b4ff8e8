// Sums of counts that stay at the largest number instead of overflowing.
#ifndef QHM_CIRCUIT_LEDGER_INTERNAL_H
#define QHM_CIRCUIT_LEDGER_INTERNAL_H

#include <qhm/ledger.h>

void qhm_count_add(uint64_t *sum, uint64_t more);
void qhm_phase_counts_add(qhm_phase_counts *sum, const qhm_phase_counts *more);
void qhm_phase_counts_repeat(qhm_phase_counts *counts, uint64_t times);

#endif
