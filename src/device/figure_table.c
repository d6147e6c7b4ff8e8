// The figures that a device may have, and the units that their names end in.
#include "device/figure_table.h"

#include "base/text.h"

#include <math.h>
#include <qhm/device.h>
#include <string.h>

enum { MOST_ROWS = 128 };

const qhm_figure_row qhm_figure_rows[] = {
    // Gates and qubits.
    {"t1_us", QHM_RANGE_POSITIVE, "time in which an excited qubit relaxes"},
    {"t2_us", QHM_RANGE_POSITIVE, "time in which a qubit loses its phase, without refocusing"},
    {"t2_echo_us", QHM_RANGE_POSITIVE, "the same under refocusing pulses"},
    {"frequency_ghz", QHM_RANGE_POSITIVE, "frequency of a qubit"},
    {"anharmonicity_mhz", QHM_RANGE_ANY, "distance of the next transition from the qubit's"},
    {"detuning_khz", QHM_RANGE_NOT_NEGATIVE, "slow error of the frequency of an idle qubit"},
    {"one_qubit_error", QHM_RANGE_PROBABILITY, "average error of a one-qubit gate"},
    {"one_qubit_duration_ns", QHM_RANGE_NOT_NEGATIVE, "duration of a one-qubit gate"},
    {"physical_z_duration_ns", QHM_RANGE_NOT_NEGATIVE, "duration of a Z rotation done by a pulse"},
    {"two_qubit_error", QHM_RANGE_PROBABILITY, "average error of a two-qubit gate"},
    {"two_qubit_duration_ns", QHM_RANGE_NOT_NEGATIVE, "duration of a two-qubit gate"},
    {"two_qubit_crosstalk_error", QHM_RANGE_PROBABILITY,
     "part of a two-qubit gate's error that it has only with others beside it at the same time"},
    {"zz_khz", QHM_RANGE_ANY,
     "by how much an idle qubit's frequency depends on the state of an idle neighbour"},
    {"two_qubit_leakage_error", QHM_RANGE_PROBABILITY,
     "probability that a two-qubit gate leaves the qubit states"},
    {"two_qubit_swap_angle_error_radians", QHM_RANGE_NOT_NEGATIVE,
     "coherent error of a two-qubit gate's swap angle"},
    {"two_qubit_phase_error_radians", QHM_RANGE_NOT_NEGATIVE,
     "coherent error of a two-qubit gate's phase"},
    {"leakage_heating_error", QHM_RANGE_PROBABILITY,
     "probability in a cycle that heat lifts a qubit out of its states"},
    {"readout_error", QHM_RANGE_PROBABILITY, "probability of a wrong outcome, mean of 0 and 1"},
    {"readout_error_0", QHM_RANGE_PROBABILITY, "probability to read 1 where 0 is right"},
    {"readout_error_1", QHM_RANGE_PROBABILITY, "probability to read 0 where 1 is right"},
    {"readout_duration_ns", QHM_RANGE_NOT_NEGATIVE, "duration of a measurement"},
    {"reset_error", QHM_RANGE_PROBABILITY, "probability that a reset fails"},
    {"reset_duration_ns", QHM_RANGE_NOT_NEGATIVE, "duration of a reset"},
    {"idle_error", QHM_RANGE_PROBABILITY, "error of an idle qubit in one operation's time"},
    {"idle_error_per_cycle", QHM_RANGE_PROBABILITY,
     "error of an idle data qubit in one cycle of error correction"},

    // Error correction.
    {"cycle_duration_ns", QHM_RANGE_POSITIVE, "one cycle of error correction"},
    {"logical_error_per_cycle", QHM_RANGE_PROBABILITY, "of the largest code shown"},
    {"logical_error_per_cycle_d3", QHM_RANGE_PROBABILITY, "of the code of distance 3"},
    {"error_suppression", QHM_RANGE_POSITIVE,
     "factor by which two more of distance divide the logical error"},
    {"logical_lifetime_us", QHM_RANGE_POSITIVE, "lifetime of the largest code shown"},
    {"decoder_latency_us", QHM_RANGE_POSITIVE, "from measurement to decoded correction"},
    {"error_floor_per_cycle", QHM_RANGE_PROBABILITY, "logical error that distance cannot lower"},

    // Cats, and the transmons beside them.
    {"photon_number", QHM_RANGE_POSITIVE, "mean photons of a cat"},
    {"kappa_1_per_second", QHM_RANGE_POSITIVE, "rate at which a cat's mode loses single photons"},
    {"kappa_2_per_second", QHM_RANGE_POSITIVE, "rate at which pairs of photons are exchanged"},
    {"storage_t1_us", QHM_RANGE_POSITIVE, "lifetime of a photon in a cat's mode"},
    {"storage_t2_us", QHM_RANGE_POSITIVE, "dephasing time of a cat's mode"},
    {"bit_flip_time_at_anchor_us", QHM_RANGE_POSITIVE,
     "time between bit flips of an idle cat at the anchor's photon number"},
    {"bit_flip_anchor_photon_number", QHM_RANGE_POSITIVE, "where the time above holds"},
    {"bit_flip_exponent_per_photon", QHM_RANGE_POSITIVE,
     "growth of the logarithm of that time with a photon"},
    {"active_bit_flip_rate_per_second", QHM_RANGE_NOT_NEGATIVE,
     "rate of bit flips of a cat while gates act on it, at the anchor"},
    {"phase_flip_rate_per_second", QHM_RANGE_NOT_NEGATIVE,
     "of a cat: photon_number * kappa_1, computed unless given"},
    {"bit_flip_time_us", QHM_RANGE_POSITIVE, "of an idle cat, computed unless given"},
    {"phase_flip_time_us", QHM_RANGE_POSITIVE, "of an idle cat, computed unless given"},
    {"rotation_duration_ns", QHM_RANGE_NOT_NEGATIVE, "duration of a Z rotation of a cat"},
    {"preparation_duration_ns", QHM_RANGE_NOT_NEGATIVE, "duration of the preparation of a cat"},
    {"preparation_error", QHM_RANGE_PROBABILITY, "probability that such a preparation fails"},
    {"parity_readout_duration_ns", QHM_RANGE_NOT_NEGATIVE,
     "duration of a measurement of a cat's parity, its X"},
    {"parity_readout_error", QHM_RANGE_PROBABILITY, "probability that it is wrong"},
    {"mediated_duration_ns", QHM_RANGE_NOT_NEGATIVE,
     "duration of a gate of cats through an ancilla"},
    {"mediated_error", QHM_RANGE_PROBABILITY, "average error of such a gate"},
    {"ancilla_t1_us", QHM_RANGE_POSITIVE, "as t1_us, of the transmons"},
    {"ancilla_t2_us", QHM_RANGE_POSITIVE, "as t2_us, of the transmons"},
    {"ancilla_one_qubit_error", QHM_RANGE_PROBABILITY, "as one_qubit_error, of the transmons"},
    {"ancilla_one_qubit_duration_ns", QHM_RANGE_NOT_NEGATIVE,
     "as one_qubit_duration_ns, of the transmons"},
    {"ancilla_readout_error", QHM_RANGE_PROBABILITY, "as readout_error, of the transmons"},
    {"ancilla_readout_duration_ns", QHM_RANGE_NOT_NEGATIVE,
     "as readout_duration_ns, of the transmons"},
    {"overhead_saving", QHM_RANGE_PROBABILITY, "part of other codes' qubits that is saved"},

    // Tetrons.
    {"tau_x_us", QHM_RANGE_POSITIVE, "time between switches of X"},
    {"tau_z_us", QHM_RANGE_POSITIVE, "time between switches of Z"},
    {"measure_x_error", QHM_RANGE_PROBABILITY, "probability of a misread X"},
    {"measure_x_duration_ns", QHM_RANGE_NOT_NEGATIVE, "duration of an X measurement"},
    {"measure_y_error", QHM_RANGE_PROBABILITY, "probability of a misread Y"},
    {"measure_y_duration_ns", QHM_RANGE_NOT_NEGATIVE, "duration of a Y measurement"},
    {"measure_z_error", QHM_RANGE_PROBABILITY, "probability of a misread Z"},
    {"measure_z_duration_ns", QHM_RANGE_NOT_NEGATIVE, "duration of a Z measurement"},
    {"joint_measure_error", QHM_RANGE_PROBABILITY, "probability of a misread joint measurement"},
    {"joint_measure_duration_ns", QHM_RANGE_NOT_NEGATIVE, "duration of a joint measurement"},
    {"joint_correlated_error", QHM_RANGE_PROBABILITY,
     "probability that a joint measurement leaves a Pauli on one of its tetrons"},
    {"t_state_error", QHM_RANGE_PROBABILITY, "error of a prepared T state"},
    {"t_state_duration_ns", QHM_RANGE_NOT_NEGATIVE, "duration of that preparation"},
    {"pair_rate_per_second", QHM_RANGE_NOT_NEGATIVE, "rate of Z errors by pairs inside wires"},
    {"cross_pair_rate_per_second", QHM_RANGE_NOT_NEGATIVE, "rate of X errors across wires"},
    {"poisoning_rate_per_second", QHM_RANGE_NOT_NEGATIVE,
     "rate of quasiparticles that hit one Majorana mode"},

    // Annealers.
    {"working_qubit_count", QHM_RANGE_POSITIVE, "qubits that work on the maker's chip"},
    {"working_coupler_count", QHM_RANGE_POSITIVE, "couplers that work on the maker's chip"},
    {"programming_time_us", QHM_RANGE_NOT_NEGATIVE, "once a problem, before its runs"},
    {"readout_time_us", QHM_RANGE_NOT_NEGATIVE, "once a run, for few qubits"},
    {"longest_readout_time_us", QHM_RANGE_NOT_NEGATIVE, "once a run, for all qubits"},
    {"annealing_time_us", QHM_RANGE_POSITIVE, "usual time of one run"},

    // What running costs.
    {"repetition_delay_us", QHM_RANGE_NOT_NEGATIVE, "wait between one shot and the next"},
    {"shots_per_second", QHM_RANGE_POSITIVE, "published rate of whole shots"},
    {"feedback_us", QHM_RANGE_NOT_NEGATIVE,
     "from a measurement to an operation that depends on it, in the control rack"},
    {"control_round_trip_us", QHM_RANGE_NOT_NEGATIVE,
     "from a computer beside the machine to its controls and back"},
    {"cloud_round_trip_ms", QHM_RANGE_NOT_NEGATIVE, "the same through a cloud, without its queue"},
    {"power_watts", QHM_RANGE_POSITIVE, "electric power of the whole machine"},
    {"cryostat_power_watts", QHM_RANGE_POSITIVE, "electric power of the compressors, part of it"},
    {"control_power_per_qubit_watts", QHM_RANGE_NOT_NEGATIVE, "of the control electronics"},
    {"control_line_count", QHM_RANGE_POSITIVE, "coaxial lines into the cryostat"},
    {"control_line_price_usd", QHM_RANGE_NOT_NEGATIVE, "of one such line"},
    {"price_usd_per_second", QHM_RANGE_NOT_NEGATIVE, "list price of time on the machine"},
    {"temperature_mk", QHM_RANGE_POSITIVE, "of the chip"},
    {"cooling_50k_watts", QHM_RANGE_POSITIVE, "cooling power of the cryostat at 50 K"},
    {"cooling_4k_watts", QHM_RANGE_POSITIVE, "the same at 4 K"},
    {"cooling_still_watts", QHM_RANGE_POSITIVE, "the same at the still, 0.9 K"},
    {"cooling_cold_plate_watts", QHM_RANGE_POSITIVE, "the same at the cold plate, 0.1 K"},
    {"cooling_20mk_watts", QHM_RANGE_POSITIVE, "the same at 20 mK"},
};

const size_t qhm_figure_row_count = sizeof qhm_figure_rows / sizeof qhm_figure_rows[0];

_Static_assert(sizeof qhm_figure_rows / sizeof qhm_figure_rows[0] <= MOST_ROWS,
               "qhm_figure_nearest has room for all");

typedef struct unit {
    const char *ending, *text;
    int kind;      // units of one kind turn into each other
    double factor; // to the smallest unit of the kind
} unit;

// Longer endings first where one ends in another.
static const unit units[] = {
    {"_per_second", "1/s", 1, 1},
    {"usd_per_second", "USD/s", 2, 1},
    {"_per_photon", "1/photon", 3, 1},

    {"_ns", "ns", 5, 1},
    {"_us", "us", 5, 1e3},
    {"_ms", "ms", 5, 1e6},
    {"_seconds", "s", 5, 1e9},
    {"_khz", "kHz", 6, 1},
    {"_mhz", "MHz", 6, 1e3},
    {"_ghz", "GHz", 6, 1e6},
    {"_watts", "W", 7, 1},
    {"_kilowatts", "kW", 7, 1e3},
    {"_mk", "mK", 8, 1},
    {"_usd", "USD", 9, 1},
    {"_radians", "rad", 10, 1},
};
static const size_t unit_count = sizeof units / sizeof units[0];

// The longest ending that fits; NULL for pure numbers.
static const unit *unit_of(const char *name, size_t *stem)
{
    const unit *best = NULL;
    size_t length = strlen(name), longest = 0;
    for (size_t i = 0; i < unit_count; i++) {
        size_t ending = strlen(units[i].ending);
        if (ending > longest && ending < length &&
            strcmp(name + length - ending, units[i].ending) == 0) {
            best = &units[i];
            longest = ending;
        }
    }
    *stem = length - longest;
    return best;
}

const char *qhm_figure_unit(const char *name)
{
    size_t stem;
    const unit *found = unit_of(name, &stem);
    return found ? found->text : "";
}

bool qhm_figure_row_find(const char *name, size_t *row, double *factor)
{
    size_t stem, row_stem;
    const unit *asked = unit_of(name, &stem);
    for (size_t i = 0; i < qhm_figure_row_count; i++) {
        const char *candidate = qhm_figure_rows[i].name;
        const unit *own = unit_of(candidate, &row_stem);
        bool is_same = strcmp(candidate, name) == 0;
        if (is_same || (asked && own && asked->kind == own->kind && stem == row_stem &&
                        strncmp(candidate, name, stem) == 0)) {
            *row = i;
            *factor = is_same ? 1 : asked->factor / own->factor;
            return true;
        }
    }
    return false;
}

const char *qhm_figure_nearest(const char *wrong)
{
    const char *names[MOST_ROWS];
    for (size_t i = 0; i < qhm_figure_row_count; i++)
        names[i] = qhm_figure_rows[i].name;
    return qhm_nearest_name(wrong, names, qhm_figure_row_count);
}

bool qhm_figure_is_in_range(qhm_figure_range range, double value, const char **expected)
{
    switch (range) {
    case QHM_RANGE_PROBABILITY:
        *expected = "a probability from 0 to 1";
        return value >= 0 && value <= 1;
    case QHM_RANGE_POSITIVE:
        *expected = "a number above 0";
        return value > 0 && isfinite(value);
    case QHM_RANGE_NOT_NEGATIVE:
        *expected = "a number of at least 0";
        return value >= 0 && isfinite(value);
    case QHM_RANGE_ANY:
        break;
    }
    *expected = "a number";
    return isfinite(value);
}

size_t qhm_figure_count(void)
{
    return qhm_figure_row_count;
}

const char *qhm_figure_name(size_t index)
{
    return qhm_figure_rows[index].name;
}

const char *qhm_figure_help(size_t index)
{
    return qhm_figure_rows[index].help;
}
