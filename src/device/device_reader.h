// What the readers of device files share: mistakes are noted, and reading goes on.
#ifndef QHM_DEVICE_DEVICE_READER_H
#define QHM_DEVICE_DEVICE_READER_H

#include "device/device_internal.h"

typedef struct qhm_device_reader {
    const char *path, *bytes;
    size_t count; // of bytes
    const char *preset;
    qhm_diagnostics *diagnostics;
    qhm_device *device;
    qhm_status status; // the first failure that is no mistake of the file, such as no memory
} qhm_device_reader;

// Notes a mistake: "figures.t1_us.value " and the text. hint may be NULL.
void qhm_device_mistake(qhm_device_reader *reader, const qhm_node *node, const char *hint,
                        const char *format, ...) __attribute__((format(printf, 4, 5)));

// Keeps a failure; true if all is well so far.
bool qhm_device_keep(qhm_device_reader *reader, qhm_status status);

// A field of a mapping; NULL if it is absent (a mistake if `is_needed`) or of another kind.
const qhm_node *qhm_device_field(qhm_device_reader *reader, const qhm_node *mapping,
                                 const char *name, qhm_node_kind kind, bool is_needed);

// A text field that is not empty; NULL as above.
const char *qhm_device_text_field(qhm_device_reader *reader, const qhm_node *mapping,
                                  const char *name, bool is_needed);

// A truth value; false if absent.
bool qhm_device_flag_field(qhm_device_reader *reader, const qhm_node *mapping, const char *name);

// A number in a range; NaN if absent or wrong.
double qhm_device_number_field(qhm_device_reader *reader, const qhm_node *mapping, const char *name,
                               qhm_figure_range range, bool is_needed);

// A number that stands alone, such as one of a list; NaN if wrong.
double qhm_device_number(qhm_device_reader *reader, const qhm_node *node, qhm_figure_range range);

// A whole number from least to most, or `otherwise` if it is absent or wrong.
uint64_t qhm_device_whole_field(qhm_device_reader *reader, const qhm_node *mapping,
                                const char *name, uint64_t least, uint64_t most, uint64_t otherwise,
                                bool is_needed);
bool qhm_device_whole(qhm_device_reader *reader, const qhm_node *node, uint64_t least,
                      uint64_t most, uint64_t *out);

// Notes names of the mapping that are not among names[count].
void qhm_device_check_fields(qhm_device_reader *reader, const qhm_node *mapping,
                             const char *const *names, size_t count);

// status and source of what is published. `outer` may give what the mapping lacks; NULL: nothing.
qhm_figure_status qhm_device_status_field(qhm_device_reader *reader, const qhm_node *mapping,
                                          const qhm_node *outer);
const char *qhm_device_source_field(qhm_device_reader *reader, const qhm_node *mapping,
                                    const qhm_node *outer);

// The parts of a file.
void qhm_device_read_sources(qhm_device_reader *reader, const qhm_node *root);
void qhm_device_read_figures(qhm_device_reader *reader, const qhm_node *root);
void qhm_device_read_operations(qhm_device_reader *reader, const qhm_node *root);
void qhm_device_read_topology(qhm_device_reader *reader, const qhm_node *root);
void qhm_device_read_calibration(qhm_device_reader *reader, const qhm_node *root);

#endif
