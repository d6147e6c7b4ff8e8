// Cats by kappa_1, kappa_2 and their photons: the formulas' published points and minima.
#include "base/files.h"
#include "support/checks.h"
#include "support/temporary_folder.h"

#include <qhm/noise_model.h>

static const double pi = 3.14159265358979323846;

// Two cats with a cx; more: figures after kappa_2, each with its comma.
static const char format[] =
    "{\"schema\":1,\"name\":\"cats\",\"title\":\"Cats\",\"family\":\"cat\","
    "\"sources\":{\"us\":{\"text\":\"us\"}},"
    "\"topology\":{\"kind\":\"list\",\"qubit_kind\":\"cat\",\"status\":\"assumed\","
    "\"source\":\"us\",\"qubits\":[{\"x\":0,\"y\":0},{\"x\":1,\"y\":0}],\"couplers\":[[0,1]]},"
    "\"operations\":[{\"name\":\"cx\",\"gate\":\"cx\",\"duration\":\"two_qubit_duration_ns\","
    "\"source\":\"us\"},"
    "{\"name\":\"measure\",\"gate\":\"measure\",\"is_virtual\":true,\"source\":\"us\"}],"
    "\"figures\":{\"photon_number\":{\"value\":2,\"status\":\"assumed\",\"source\":\"us\"},"
    "\"kappa_1_per_second\":{\"value\":%.17g,\"status\":\"measured\",\"source\":\"us\"},"
    "\"kappa_2_per_second\":{\"value\":%.17g,\"status\":\"projected\",\"source\":\"us\"}%s}}";

static qhm_device *load(void **state, double kappa_1, double kappa_2, double photons,
                        const char *more)
{
    char text[4096];
    const char *path = in_folder(state, "cats.json");
    snprintf(text, sizeof text, format, kappa_1, kappa_2, more);
    REQUIRE_OK(qhm_file_write(path, text, strlen(text)));
    qhm_device *device;
    REQUIRE_OK(qhm_device_load(path, &(qhm_device_options){.photon_number = photons}, &device));
    return device;
}

static double figure(const qhm_device *device, const char *name)
{
    return qhm_device_figure(device, name).value;
}

// The Paulis of cx, by 4 * (that of the target) + (that of the control).
static void find_cx(const qhm_device *device, const qhm_noise_options *options, double p[16])
{
    qhm_noise_model *model;
    qhm_channel *channel;
    bool is_pauli;
    const qhm_instruction cx = {
        .gate = QHM_GATE_CX, .qubit_count = 2, .qubits = (uint32_t[]){0, 1}};
    REQUIRE_OK(qhm_noise_model_create_from_device(device, NULL, 0, options, &model));
    REQUIRE_OK(qhm_noise_model_channel(model, &cx, &channel));
    REQUIRE_OK(qhm_channel_pauli_probabilities(channel, p, &is_pauli));
    assert_true(is_pauli);
    qhm_channel_destroy(channel);
    qhm_noise_model_destroy(model);
}

enum { Z_C = QHM_PAULI_Z, Z_T = 4 * QHM_PAULI_Z, Z_BOTH = 5 * QHM_PAULI_Z };

// At 2 photons and 1/kappa_1 = 100 us: a phase every 50 us, 200 us at half a photon.
static void times_follow_the_photons(void **state)
{
    const double photons[] = {0.5, 2, 8};
    for (size_t i = 0; i < 3; i++) {
        const double n = photons[i];
        qhm_device *device = load(state, 1e4, 1e7, n, "");
        REQUIRE_NEAR(figure(device, "phase_flip_time_us"), 100 / n, 1e-9);
        REQUIRE_NEAR(figure(device, "bit_flip_time_us") * 1.1e-3 * n * 1e4 * 1e-6 * exp(-2 * n), 1,
                     1e-12);
        REQUIRE_NEAR(figure(device, "two_qubit_duration_ns"), 100, 1e-9);
        assert_int_equal(qhm_device_figure(device, "bit_flip_time_us").status, QHM_FIGURE_ASSUMED);
        assert_int_equal(qhm_device_figure(device, "two_qubit_duration_ns").status,
                         QHM_FIGURE_PROJECTED);
        qhm_device_destroy(device);
    }
    // What the file says itself stays, and an anchor that was measured stays before the formula.
    qhm_device *device =
        load(state, 1e4, 1e7, 4,
             ",\"two_qubit_duration_ns\":{\"value\":250,\"status\":\"measured\",\"source\":\"us\"},"
             "\"bit_flip_time_at_anchor_us\":{\"value\":1000,\"status\":\"measured\","
             "\"source\":\"us\"},"
             "\"bit_flip_anchor_photon_number\":{\"value\":2,\"status\":\"measured\","
             "\"source\":\"us\"},"
             "\"bit_flip_exponent_per_photon\":{\"value\":2,\"status\":\"assumed\","
             "\"source\":\"us\"}");
    REQUIRE_NEAR(figure(device, "two_qubit_duration_ns"), 250, 0);
    REQUIRE_NEAR(figure(device, "bit_flip_time_us"), 1000 * exp(4), 1e-6);
    qhm_device_destroy(device);
}

// At photon_number kappa_1 / kappa_2 = 1.9e-4, which 19 photons and 1e-5 are, all bit flips
// together have 0.5 exp(-2 photons).
static void bit_flips_of_cx_have_their_published_point(void **state)
{
    const double photons[] = {3, 5, 8};
    for (size_t i = 0; i < 3; i++) {
        const double n = photons[i];
        qhm_device *device = load(state, 1.9e-4 * 1e7 / n, 1e7, n, "");
        double p[16], sum = 0;
        find_cx(device, NULL, p);
        for (int k = 1; k < 16; k++)
            sum += k == Z_C || k == Z_T || k == Z_BOTH ? 0 : p[k];
        REQUIRE_NEAR(sum / (0.5 * exp(-2 * n)), 1, 3e-4); // 2631 * 1.9e-4 is 0.49989
        const double each = sum / 6;
        const int flips[6] = {QHM_PAULI_X,
                              QHM_PAULI_Y,
                              4 * QHM_PAULI_X,
                              5 * QHM_PAULI_X,
                              4 * QHM_PAULI_X + QHM_PAULI_Y,
                              4 * QHM_PAULI_X + QHM_PAULI_Z};
        for (int k = 0; k < 6; k++)
            REQUIRE_NEAR(p[flips[k]], each, 1e-14);
        REQUIRE_NEAR(p[Z_T], 0.95e-4, 1e-14);
        REQUIRE_NEAR(p[Z_BOTH], 0.95e-4, 1e-14);
        REQUIRE_NEAR(p[Z_C], 1.9e-4 + pi * pi / (64 * n), 1e-14);
        qhm_device_destroy(device);
    }
}

// The control's phase errors are least, pi / 4 sqrt(kappa_1 / kappa_2), at the duration
// pi / (8 photons sqrt(kappa_1 kappa_2)).
static void the_best_duration_is_a_minimum(void **state)
{
    const double n = 6, kappa_1 = 1e3, kappa_2 = 1e7;
    const double best_ns = 1e9 * pi / (8 * n * sqrt(kappa_1 * kappa_2));
    double errors[3];
    for (int i = 0; i < 3; i++) {
        char more[256];
        double p[16];
        snprintf(more, sizeof more,
                 ",\"two_qubit_duration_ns\":{\"value\":%.17g,\"status\":\"assumed\","
                 "\"source\":\"us\"}",
                 best_ns * (0.98 + 0.02 * i));
        qhm_device *device = load(state, kappa_1, kappa_2, n, more);
        find_cx(device, NULL, p);
        errors[i] = p[Z_C];
        if (i == 1) {
            double scaled[16];
            find_cx(device, &(qhm_noise_options){.scale = 3}, scaled);
            REQUIRE_NEAR(scaled[Z_C], 3 * p[Z_C], 1e-14);
            find_cx(device, &(qhm_noise_options){.without_gates = true}, scaled);
            REQUIRE_NEAR(scaled[0], 1, 1e-14);
        }
        qhm_device_destroy(device);
    }
    REQUIRE_NEAR(errors[1], pi / 4 * sqrt(kappa_1 / kappa_2), 1e-12);
    assert_true(errors[0] > errors[1] && errors[2] > errors[1]);
}

// A lossy cat beyond the formulas is refused, rather than given probabilities above 1.
static void rates_out_of_range_are_refused(void **state)
{
    qhm_device *device = load(state, 1e6, 1e6, 1, "");
    qhm_noise_model *model;
    REQUIRE_FAILS(qhm_noise_model_create_from_device(device, NULL, 0, NULL, &model),
                  QHM_ERROR_INVALID_ARGUMENT, "errors of cx between cats add up to");
    qhm_device_destroy(device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_temporary_folder(times_follow_the_photons),
        in_temporary_folder(bit_flips_of_cx_have_their_published_point),
        in_temporary_folder(the_best_duration_is_a_minimum),
        in_temporary_folder(rates_out_of_range_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
