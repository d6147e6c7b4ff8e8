// Names come from the library's own tables, so that a new feature map can be drawn at once.
#include "cli/ready_circuit.h"

#include <qhm/ansatz.h>
#include <qhm/feature_map.h>
#include <qhm/state_preparation.h>
#include <qhm/unary_loader.h>
#include <string.h>

enum { DEFAULT_QUBITS = 3 };

static const char amplitude[] = "amplitude", unary[] = "unary";

size_t qhm_ready_circuit_names(const char **names, size_t most)
{
    size_t count = 0;
    for (int i = 0; i < QHM_FEATURE_MAP_COUNT && count < most; i++)
        names[count++] = qhm_feature_map_name((qhm_feature_map)i);
    if (count < most)
        names[count++] = amplitude;
    if (count < most)
        names[count++] = unary;
    for (int i = 0; i < QHM_ANSATZ_COUNT && count < most; i++)
        names[count++] = qhm_ansatz_name((qhm_ansatz)i);
    return count;
}

bool qhm_ready_circuit_is_name(const char *name)
{
    const char *names[32];
    size_t count = qhm_ready_circuit_names(names, sizeof names / sizeof names[0]);
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

qhm_status qhm_ready_circuit_create(const qhm_arguments *arguments, const char *name,
                                    qhm_circuit **circuit)
{
    size_t qubits = arguments->qubits > 0 ? (size_t)arguments->qubits : DEFAULT_QUBITS;
    size_t layers = (size_t)arguments->layers; // 0: the circuit's own default
    qhm_entanglement entanglement = QHM_ENTANGLEMENT_DEFAULT;
    if (arguments->entanglement) {
        qhm_status status = qhm_entanglement_find(arguments->entanglement, &entanglement);
        if (status != QHM_OK)
            return status;
    }
    if (strcmp(name, amplitude) == 0)
        return qhm_state_preparation_create(qubits, QHM_STATE_REAL, circuit);
    if (strcmp(name, unary) == 0)
        return qhm_unary_loader_create(qubits, circuit);
    for (int i = 0; i < QHM_FEATURE_MAP_COUNT; i++)
        if (strcmp(qhm_feature_map_name((qhm_feature_map)i), name) == 0) {
            qhm_feature_map_options options = {.repetitions = layers, .entanglement = entanglement};
            return qhm_feature_map_create((qhm_feature_map)i, qubits, &options, circuit);
        }
    qhm_ansatz ansatz = QHM_ANSATZ_HARDWARE_EFFICIENT;
    qhm_status status = qhm_ansatz_find(name, &ansatz);
    if (status != QHM_OK)
        return status;
    qhm_ansatz_options options = {.layers = layers, .entanglement = entanglement};
    return qhm_ansatz_create(ansatz, qubits, &options, circuit);
}
