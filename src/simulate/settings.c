// How many settings observables need, and what they say about shots.
#include <qhm/settings.h>

#include "base/memory.h"
#include "simulate/readout.h"

#include <math.h>

// sum over settings of (sum of |coefficients|)^2 of one observable; weights [settings] is room.
static double bound_variance(const qhm_readout *readout, size_t observable, double *weights)
{
    double bound = 0;
    for (size_t s = 0; s < readout->setting_count; s++)
        weights[s] = 0;
    for (size_t t = 0; t < readout->term_count; t++)
        if (readout->terms[t].observable == observable)
            weights[readout->terms[t].setting] += fabs(readout->terms[t].coefficient);
    for (size_t s = 0; s < readout->setting_count; s++)
        bound += weights[s] * weights[s];
    return bound;
}

qhm_status qhm_settings_find(const qhm_observable *const *observables, size_t count,
                             qhm_settings *settings)
{
    QHM_REQUIRE(observables && count > 0 && settings, "settings need an observable");
    size_t qubits = 0;
    for (size_t k = 0; k < count; k++) {
        QHM_REQUIRE(observables[k], "observable %zu is NULL", k);
        const size_t own = qhm_observable_qubit_count(observables[k]);
        qubits = own > qubits ? own : qubits;
    }
    qhm_readout readout;
    QHM_TRY(qhm_readout_create(qubits, observables, count, &readout));
    qhm_settings made = {.count = readout.setting_count};
    double *weights;
    qhm_status status = qhm_allocate(readout.setting_count, sizeof *weights, &weights);
    if (status == QHM_OK) {
        for (size_t k = 0; k < count; k++)
            made.variance = fmax(made.variance, bound_variance(&readout, k, weights));
        qhm_release(weights);
        *settings = made;
    }
    qhm_readout_release(&readout);
    return status;
}
