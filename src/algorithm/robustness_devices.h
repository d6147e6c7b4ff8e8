// What chips leave of the answers of small algorithms, compiled for them and with their noise.
#ifndef QHM_ALGORITHM_ROBUSTNESS_DEVICES_H
#define QHM_ALGORITHM_ROBUSTNESS_DEVICES_H

#include "algorithm/robustness_subject.h"
#include "base/document.h"

#include <jansson.h>
#include <qhm/compile.h>
#include <qhm/device.h>
#include <qhm/ledger.h>

typedef struct qhm_robustness_devices {
    const char **names;   // [count], borrowed from the problem
    qhm_device **devices; // [count]
    size_t count;
} qhm_robustness_devices;

// Reads a list of distinct names and loads the devices; NULL is none. Release them in any case.
QHM_MUST_CHECK qhm_status qhm_robustness_devices_read(const qhm_node *list,
                                                      qhm_robustness_devices *devices);
void qhm_robustness_devices_release(qhm_robustness_devices *devices);

typedef struct qhm_robustness_request {
    const qhm_robustness_subject *subject;
    const qhm_circuit *circuit;
    const qhm_distribution *ideal; // outcomes
    size_t shots;
    qhm_compile_options compile;
} qhm_robustness_request;

// A row for every device, into an array; those that the circuit does not fit say why. What fits
// is charged.
QHM_MUST_CHECK qhm_status qhm_robustness_devices_run(const qhm_robustness_devices *devices,
                                                     const qhm_robustness_request *request,
                                                     qhm_ledger *ledger, json_t *rows);

#endif
