// A noise model in memory, and what its builders share.
#ifndef QHM_DEVICE_NOISE_INTERNAL_H
#define QHM_DEVICE_NOISE_INTERNAL_H

#include "base/text.h"

#include <qhm/noise_model.h>

enum { QHM_NOISE_MOST_QUBITS = QHM_CHANNEL_MAX_QUBITS }; // of one operation

// A channel on some of an operation's qubits.
typedef struct qhm_noise_part {
    qhm_channel *channel;
    uint8_t qubits[QHM_NOISE_MOST_QUBITS]; // places among the operation's qubits
    bool is_before;
    bool has_leak; // the channel's second qubit is the leak qubit of the first
} qhm_noise_part;

// Which instructions a rule is for, beside those of its gate.
typedef enum qhm_noise_match {
    QHM_NOISE_GATE = 0,
    QHM_NOISE_ANY_ONE_QUBIT = 1, // every unitary gate on one qubit without a rule of its own
    QHM_NOISE_ANY_TWO_QUBIT = 2
} qhm_noise_match;

typedef struct qhm_noise_entry {
    qhm_noise_rule rule;
    char *name; // rule.operation
    qhm_noise_match match;
    qhm_gate gate;
    uint8_t paulis[2]; // of QHM_GATE_MEASURE_PAULI
    uint32_t qubits[QHM_NOISE_MOST_QUBITS];
    size_t qubit_count;
    bool is_virtual;
    double flips[2];
    double beside_error; // average error added by two-qubit gates beside it at the same time
    bool reads_leak[2];  // the sign of which tetrons' parity is measured too
    qhm_noise_part *parts;
    size_t part_count, part_capacity;
} qhm_noise_entry;

// What happens to a waiting qubit. Zero: nothing.
typedef struct qhm_noise_idle {
    double t1_ns, t2_ns; // INFINITY: none
    double excited;
    double detuning_hz;
    double rates[4];       // of X, Y, Z in 1/s, at their letters
    double poisoning_rate; // in 1/s of one Majorana mode
} qhm_noise_idle;

// Two qubits that disturb each other.
typedef struct qhm_noise_coupling {
    uint32_t qubits[2];
    double zz_hz; // by how much one's frequency depends on the other's state while both wait
} qhm_noise_coupling;

// A figure that went into the model.
typedef struct qhm_noise_figure {
    char *name;
    double value;
    char *unit;
    qhm_figure_status status;
} qhm_noise_figure;

// How one-qubit gates that are not native are counted.
typedef enum qhm_noise_runs {
    QHM_NOISE_RUNS_NONE = 0, // they are refused
    QHM_NOISE_RUNS_ONE = 1,  // a run of them is one operation
    QHM_NOISE_RUNS_TWO = 2,  // a run is two sx
    QHM_NOISE_RUNS_EACH = 3  // every gate by itself
} qhm_noise_runs;

struct qhm_noise_model {
    char *name;
    size_t qubit_count;        // SIZE_MAX: any
    qhm_noise_options options; // scale filled in
    bool is_ideal;             // anything goes
    bool is_device;            // gates without a rule are refused
    bool has_virtual_z;        // rotations about Z are free
    bool has_frames;           // Paulis are free
    qhm_noise_runs runs;
    qhm_noise_entry *entries;
    size_t entry_count, entry_capacity;
    qhm_noise_idle *idle;          // [idle_count]
    size_t idle_count;             // qubit_count, or 1 for all
    qhm_noise_coupling *couplings; // none: no crosstalk
    size_t coupling_count, coupling_capacity;
    qhm_noise_figure *figures;
    size_t figure_count, figure_capacity;
};

QHM_MUST_CHECK qhm_status qhm_noise_check_options(const qhm_noise_options *options);

// A model without rules.
QHM_MUST_CHECK qhm_status qhm_noise_model_create_empty(const char *name, size_t qubit_count,
                                                       const qhm_noise_options *options,
                                                       qhm_noise_model **model);

// A rule without noise. @param qubits  [qubit_count]; NULL: anywhere.
QHM_MUST_CHECK qhm_status qhm_noise_add_entry(qhm_noise_model *model, const char *name,
                                              qhm_gate gate, const uint32_t *qubits,
                                              size_t qubit_count, qhm_noise_entry **entry);

// Adds a channel, which the model takes whatever happens, twirled if it is to be.
QHM_MUST_CHECK qhm_status qhm_noise_add_part(qhm_noise_model *model, qhm_noise_entry *entry,
                                             qhm_channel *channel, const uint8_t *qubits,
                                             bool is_before);

// Gives a rule without noise copies of another's parts.
QHM_MUST_CHECK qhm_status qhm_noise_copy_parts(const qhm_noise_entry *from, qhm_noise_entry *to);

// Fills in the rule's model_error from its channels; NaN on more than two qubits.
QHM_MUST_CHECK qhm_status qhm_noise_measure_error(qhm_noise_entry *entry);

// Notes a figure for print, once.
QHM_MUST_CHECK qhm_status qhm_noise_add_figure(qhm_noise_model *model, const qhm_device *device,
                                               const char *name);

const qhm_noise_idle *qhm_noise_idle_of(const qhm_noise_model *model, uint32_t qubit);

// What a time does to a qubit; NULL if nothing. Not the poisoning of QHM_POISONING_PARITY.
QHM_MUST_CHECK qhm_status qhm_noise_create_idle(const qhm_noise_model *model,
                                                const qhm_noise_idle *idle, double exposure_ns,
                                                bool has_detuning, qhm_channel **channel);

// The same of a tetron whose parity is kept, on it and its leak qubit.
QHM_MUST_CHECK qhm_status qhm_noise_create_poisoned_idle(const qhm_noise_idle *idle,
                                                         double exposure_ns, qhm_channel **channel);

// The noise that a device's figures give an operation: device family by family.
typedef struct qhm_noise_builder {
    qhm_noise_model *model;
    const qhm_device *device;
    const uint32_t *physical; // [model->qubit_count]
    qhm_noise_idle *active;   // [model->qubit_count] what happens to a qubit during operations
} qhm_noise_builder;

// What happens to a tetron in a part of an operation's duration.
QHM_MUST_CHECK qhm_status qhm_noise_add_window(const qhm_noise_builder *builder,
                                               qhm_noise_entry *entry, double part, bool is_before);

// A tetron's measurement beside its flips.
QHM_MUST_CHECK qhm_status qhm_noise_add_tetron_measurement(const qhm_noise_builder *builder,
                                                           const qhm_device_operation *operation,
                                                           qhm_noise_entry *entry);

// Rates of cats and of tetrons, from the chip's figures; waiting and in operations.
void qhm_noise_fill_cat(const qhm_noise_builder *builder, size_t qubit);
void qhm_noise_fill_tetron(const qhm_noise_builder *builder, size_t qubit);

// CX of two cats of known kappa_2 and without an error of its own: by its closed form.
bool qhm_noise_is_cat_cx(const qhm_noise_builder *builder, const qhm_noise_entry *entry);
QHM_MUST_CHECK qhm_status qhm_noise_add_cat_cx(const qhm_noise_builder *builder,
                                               qhm_noise_entry *entry);

// The value of a figure, or another where it is not given.
double qhm_noise_figure_or(const qhm_device *device, const char *name, double otherwise);

// True where the model keeps the parity of tetrons.
bool qhm_noise_has_leak(const qhm_noise_model *model);

// The first rule that fits; NULL: none.
const qhm_noise_entry *qhm_noise_find(const qhm_noise_model *model,
                                      const qhm_instruction *instruction);

// True for rotations about Z and Paulis that cost nothing.
bool qhm_noise_is_free(const qhm_noise_model *model, const qhm_instruction *instruction);

#endif
