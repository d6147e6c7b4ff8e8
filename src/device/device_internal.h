// A device in memory, and what its readers and builders share.
#ifndef QHM_DEVICE_DEVICE_INTERNAL_H
#define QHM_DEVICE_DEVICE_INTERNAL_H

#include "base/diagnostics_internal.h"
#include "base/document.h"
#include "device/figure_table.h"

#include <qhm/device.h>

enum {
    QHM_DEVICE_MOST_QUBITS = 1 << 20,
    QHM_DEVICE_MOST_OPERATIONS = 256,
    QHM_DEVICE_MOST_BYTES = 1 << 24 // of a file
};

// A figure with the percentiles from which qubits may be drawn; NaN: none.
typedef struct qhm_device_figure_value {
    qhm_figure figure;
    double p10, p90;
} qhm_device_figure_value;

struct qhm_device {
    qhm_document *document; // its texts are borrowed by all below; NULL: built in
    char *path, *name, *title, *preset;
    const char *note;
    qhm_device_family family;
    bool is_all_to_all;
    bool shares_qubit; // one qubit stands for all
    size_t qubit_count, qubit_capacity;
    qhm_device_qubit *qubits;
    size_t coupler_count, coupler_capacity;
    qhm_device_coupler *couplers;     // sorted by their qubits
    size_t *first_coupler;            // [qubit_count + 1] into qubit_couplers
    uint32_t *qubit_couplers;         // [2 * coupler_count]
    qhm_device_figure_value *figures; // [qhm_figure_row_count]
    qhm_device_operation *operations;
    size_t (*operation_figures)[2]; // [operation_count]: rows of duration and error, or SIZE_MAX
    size_t operation_count;
    const qhm_node *presets; // mapping, or NULL
    char **sources;          // composed texts
    size_t source_count;
};

// A device without anything, its figures not given.
QHM_MUST_CHECK qhm_status qhm_device_create_empty(qhm_device **device);

// Building a topology.
QHM_MUST_CHECK qhm_status qhm_device_add_qubit(qhm_device *device, double x, double y,
                                               const char *kind);
QHM_MUST_CHECK qhm_status qhm_device_add_coupler(qhm_device *device, size_t a, size_t b,
                                                 const char *kind);
// Sorts the couplers and finds those of each qubit. No coupler may be there twice.
QHM_MUST_CHECK qhm_status qhm_device_index_couplers(qhm_device *device);

// The coupler of two qubits, working or not; SIZE_MAX if there is none.
size_t qhm_device_coupler_of(const qhm_device *device, uint32_t a, uint32_t b);
// Gives operations what figures have become, and stops the couplers of qubits that do not work.
void qhm_device_refresh(qhm_device *device);
// The figures of cats that follow from others, unless the file gives them.
void qhm_device_compute_cat(qhm_device *device);

// The figure of a row that the table has.
qhm_device_figure_value *qhm_device_figure_row(qhm_device *device, const char *name);
// The value of row `name`, NaN if not given.
double qhm_device_value(const qhm_device *device, const char *name);

// The built-in device.
QHM_MUST_CHECK qhm_status qhm_device_create_ideal(qhm_device **device);

// Reads a file's text. Mistakes go to *diagnostics, which is set whatever happens unless memory
// runs out; the status is the first of them. preset: NULL for the first.
QHM_MUST_CHECK qhm_status qhm_device_read(const char *path, const char *bytes, size_t count,
                                          const char *preset, qhm_diagnostics **diagnostics,
                                          qhm_device **device);

// Fills every qubit and coupler with the chip's figures.
void qhm_device_fill_values(qhm_device *device);

// Applies options to a device that was just read.
QHM_MUST_CHECK qhm_status qhm_device_apply_options(qhm_device *device,
                                                   const qhm_device_options *options);

#endif
