// Cat qubits: phase flips grow with the photon number, bit flips die out exponentially with it.
#include "device/device_internal.h"

#include <math.h>

static qhm_figure *figure_of(qhm_device *device, const char *name)
{
    return &qhm_device_figure_row(device, name)->figure;
}

static qhm_figure_status weaker(qhm_figure_status a, qhm_figure_status b)
{
    return a > b ? a : b; // measured < projected < assumed
}

static const char computed[] = "computed from other figures of the device";

static void set(qhm_figure *figure, double value, qhm_figure_status status, const char *note)
{
    bool is_given = figure->status != QHM_FIGURE_NONE && figure->source != computed;
    if (is_given || isnan(value))
        return;
    figure->value = value;
    figure->status = status;
    figure->source = computed;
    figure->note = note;
}

// What the two rates of a dissipative cat alone give, where the file says nothing of its own
// [gouzien2023]: bit flips die out as exp(-2 photons), and a gate takes 1 / kappa_2.
static void compute_dissipation(qhm_device *device)
{
    const qhm_figure *photons = figure_of(device, "photon_number");
    const qhm_figure *loss = figure_of(device, "kappa_1_per_second");
    const qhm_figure *exchange = figure_of(device, "kappa_2_per_second");
    const double n = photons->value, lost = n * loss->value;
    if (!(exchange->value > 0))
        return;
    const qhm_figure_status rates = weaker(weaker(photons->status, loss->status), exchange->status);
    if (isnan(figure_of(device, "bit_flip_time_at_anchor_us")->value))
        set(figure_of(device, "bit_flip_time_us"), 1e6 / (1.1e-3 * lost * exp(-2 * n)), rates,
            "1 / (1.1e-3 photon_number kappa_1 exp(-2 photon_number))");
    set(figure_of(device, "two_qubit_duration_ns"), 1e9 / exchange->value, exchange->status,
        "1 / kappa_2_per_second");
}

void qhm_device_compute_cat(qhm_device *device)
{
    if (device->family != QHM_DEVICE_CAT)
        return;
    const qhm_figure *photons = figure_of(device, "photon_number");
    const qhm_figure *loss = figure_of(device, "kappa_1_per_second");
    const qhm_figure *anchor_time = figure_of(device, "bit_flip_time_at_anchor_us");
    const qhm_figure *anchor = figure_of(device, "bit_flip_anchor_photon_number");
    const qhm_figure *growth = figure_of(device, "bit_flip_exponent_per_photon");
    double rate = photons->value * loss->value;
    qhm_figure_status status = weaker(photons->status, loss->status);
    set(figure_of(device, "phase_flip_rate_per_second"), rate, status,
        "photon_number * kappa_1_per_second");
    set(figure_of(device, "phase_flip_time_us"), 1e6 / rate, status,
        "1 / (photon_number * kappa_1_per_second)");
    status = weaker(weaker(photons->status, anchor_time->status), growth->status);
    set(figure_of(device, "bit_flip_time_us"),
        anchor_time->value * exp(growth->value * (photons->value - anchor->value)), status,
        "the anchor's time * exp(bit_flip_exponent_per_photon * (photon_number - the anchor's))");
    compute_dissipation(device);
}
