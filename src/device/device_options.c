// How a device is varied when it is loaded: spread, drift, yield, photon number.
#include "device/device_internal.h"

#include <math.h>
#include <qhm/random.h>
#include <string.h>

// Streams: (seed, purpose, what, index of the qubit or coupler).
typedef enum variation { DRIFT_FIGURES, DRIFT_QUBITS, DRIFT_COUPLERS, YIELD, SPREAD } variation;
enum { QUBITS = 0, COUPLERS = 1 };

static qhm_random stream_of(uint64_t seed, variation what, size_t index, uint64_t part)
{
    return qhm_random_stream(seed, QHM_RANDOM_DEVICE, (uint64_t)what, index, part);
}

static double probability(double value)
{
    return value > 1 ? 1 : value; // NaN stays
}

// A normal deviate is drawn even where nothing varies, so that values keep their streams.
static void vary(qhm_random *random, double size, double *value)
{
    *value *= exp(size * qhm_random_normal(random));
}

static void keep_possible(qhm_device_qubit *qubit)
{
    if (qubit->t2_us > 2 * qubit->t1_us)
        qubit->t2_us = 2 * qubit->t1_us;
    qubit->one_qubit_error = probability(qubit->one_qubit_error);
    for (size_t i = 0; i < 2; i++)
        qubit->readout_flips[i] = probability(qubit->readout_flips[i]);
}

// What changes from day to day on chips whose qubits have no values of their own.
static const char *const drifting[] = {
    "kappa_1_per_second",
    "bit_flip_time_at_anchor_us",
    "active_bit_flip_rate_per_second",
    "preparation_error",
    "parity_readout_error",
    "mediated_error",
    "tau_x_us",
    "tau_z_us",
    "measure_x_error",
    "measure_y_error",
    "measure_z_error",
    "joint_measure_error",
    "joint_correlated_error",
    "t_state_error",
    "pair_rate_per_second",
    "cross_pair_rate_per_second",
    "poisoning_rate_per_second",
    "idle_error",
};

static void drift_figures(qhm_device *device, double size, uint64_t seed)
{
    for (size_t i = 0; i < sizeof drifting / sizeof drifting[0]; i++) {
        qhm_random random = stream_of(seed, DRIFT_FIGURES, i, 0);
        qhm_figure *figure = &qhm_device_figure_row(device, drifting[i])->figure;
        vary(&random, size, &figure->value);
        if (!figure->unit[0])
            figure->value = probability(figure->value);
    }
}

static void drift(qhm_device *device, double size, uint64_t seed)
{
    if (device->family == QHM_DEVICE_CAT || device->family == QHM_DEVICE_TETRON)
        drift_figures(device, size, seed);
    for (size_t i = 0; i < device->qubit_count; i++) {
        qhm_random random = stream_of(seed, DRIFT_QUBITS, i, 0);
        qhm_device_qubit *qubit = &device->qubits[i];
        vary(&random, size, &qubit->t1_us);
        vary(&random, size, &qubit->t2_us);
        vary(&random, size, &qubit->one_qubit_error);
        vary(&random, size, &qubit->readout_flips[0]);
        vary(&random, size, &qubit->readout_flips[1]);
        keep_possible(qubit);
    }
    for (size_t i = 0; i < device->coupler_count; i++) {
        qhm_random random = stream_of(seed, DRIFT_COUPLERS, i, 0);
        vary(&random, size, &device->couplers[i].error);
        device->couplers[i].error = probability(device->couplers[i].error);
    }
}

static void sample_yield(qhm_device *device, const qhm_device_options *options)
{
    for (size_t i = 0; i < device->qubit_count && options->qubit_yield > 0; i++) {
        qhm_random random = stream_of(options->yield_seed, YIELD, i, QUBITS);
        if (qhm_random_uniform(&random) >= options->qubit_yield)
            device->qubits[i].is_working = false;
    }
    for (size_t i = 0; i < device->coupler_count && options->coupler_yield > 0; i++) {
        qhm_random random = stream_of(options->yield_seed, YIELD, i, COUPLERS);
        if (qhm_random_uniform(&random) >= options->coupler_yield)
            device->couplers[i].is_working = false;
    }
}

// Draws a log-normal value with a figure's percentiles, unless the file gave this one its own.
static void draw(qhm_device *device, const char *name, qhm_random *random, double *value)
{
    const double percentile = 1.2815515655446004; // of the normal distribution: 90 %
    double deviate = qhm_random_normal(random);
    const qhm_device_figure_value *figure = qhm_device_figure_row(device, name);
    if (isnan(figure->p10) || *value != figure->figure.value)
        return;
    double sigma = log(figure->p90 / figure->p10) / (2 * percentile);
    *value = sqrt(figure->p10 * figure->p90) * exp(sigma * deviate);
}

static void spread(qhm_device *device, uint64_t seed)
{
    for (size_t i = 0; i < device->qubit_count; i++) {
        qhm_random random = stream_of(seed, SPREAD, i, QUBITS);
        qhm_device_qubit *qubit = &device->qubits[i];
        draw(device, "t1_us", &random, &qubit->t1_us);
        draw(device, "t2_us", &random, &qubit->t2_us);
        draw(device, "one_qubit_error", &random, &qubit->one_qubit_error);
        draw(device, "readout_error_0", &random, &qubit->readout_flips[0]);
        draw(device, "readout_error_1", &random, &qubit->readout_flips[1]);
        keep_possible(qubit);
    }
    for (size_t i = 0; i < device->coupler_count; i++) {
        qhm_random random = stream_of(seed, SPREAD, i, COUPLERS);
        draw(device, "two_qubit_error", &random, &device->couplers[i].error);
        device->couplers[i].error = probability(device->couplers[i].error);
    }
}

static qhm_status set_photon_number(qhm_device *device, double photons)
{
    if (device->family != QHM_DEVICE_CAT)
        return QHM_FAIL(QHM_ERROR_INVALID_ARGUMENT,
                        "photon_number is %g, but %s has no cats: leave it out", photons,
                        device->name);
    QHM_REQUIRE(photons >= 0.5 && photons <= 20, "photon_number is %g, not 0.5 to 20", photons);
    qhm_device_figure_row(device, "photon_number")->figure.value = photons;
    return QHM_OK;
}

qhm_status qhm_device_apply_options(qhm_device *device, const qhm_device_options *options)
{
    QHM_REQUIRE(options->drift >= 0 && options->drift <= 2, "drift is %g, not 0 to 2",
                options->drift);
    QHM_REQUIRE(options->qubit_yield >= 0 && options->qubit_yield <= 1,
                "qubit_yield is %g, not 0 to 1", options->qubit_yield);
    QHM_REQUIRE(options->coupler_yield >= 0 && options->coupler_yield <= 1,
                "coupler_yield is %g, not 0 to 1", options->coupler_yield);
    if (options->photon_number != 0)
        QHM_TRY(set_photon_number(device, options->photon_number));
    if (device->family == QHM_DEVICE_IDEAL)
        return QHM_OK; // nothing that could vary
    if (options->has_spread)
        spread(device, options->spread_seed);
    if (options->drift > 0)
        drift(device, options->drift, options->drift_seed);
    sample_yield(device, options);
    qhm_device_compute_cat(device);
    qhm_device_refresh(device);
    return QHM_OK;
}
