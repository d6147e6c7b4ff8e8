/** @file cloud.h
 *  Jobs for quantum computers in clouds: the bodies of their requests from circuits, and their
 *  result files into distributions. Nothing is sent.
 *
 *  @code
 *  char *body;
 *  qhm_status status = qhm_cloud_job_print(circuit, QHM_CLOUD_IONQ, NULL, &body);
 *  if (status == QHM_OK)
 *      fputs(body, stdout); // POST it to https://api.ionq.co/v0.4/jobs
 *  qhm_string_destroy(body);
 *  @endcode */
#ifndef QHM_CLOUD_H
#define QHM_CLOUD_H

#include <qhm/circuit.h>
#include <qhm/distribution.h>
#include <qhm/status.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Whose formats. The numbers are stable. */
typedef enum qhm_cloud {
    QHM_CLOUD_IBM = 0,    /**< IBM Quantum: the sampler, version 2, with OpenQASM 3 */
    QHM_CLOUD_BRAKET = 1, /**< Amazon Braket: braket.ir.openqasm.program */
    QHM_CLOUD_IONQ = 2    /**< IonQ, API 0.4: ionq.circuit.v1, gates of the set qis */
} qhm_cloud;

/** The name of a cloud: "ibm", "braket", "ionq". */
QHM_API const char *qhm_cloud_name(qhm_cloud cloud);

/** Finds a cloud by its name. @return QHM_OK; QHM_ERROR_NOT_FOUND, with the nearest name. */
QHM_API QHM_MUST_CHECK qhm_status qhm_cloud_find(const char *name, qhm_cloud *cloud);

/** Options of qhm_cloud_job_print. */
typedef struct qhm_cloud_job_options {
    const char *backend; /**< IBM: the device's name, required; Braket: the device's ARN, NULL: that
                              of the simulator SV1; IonQ: NULL: simulator */
    uint64_t shots;      /**< 0: 1024 */
} qhm_cloud_job_options;

/** Writes the body of the request that creates a job, as JSON.
 *
 *  Gates that the service does not know are expanded. Fitting a circuit to a device, its basis
 *  gates and its pairs of qubits, is not done: Braket and IonQ do that themselves, but IBM's
 *  devices refuse other circuits. Braket's request also needs the outputS3Bucket that its
 *  sender owns.
 *  @param options  NULL: defaults.
 *  @param text     free it with qhm_string_destroy.
 *  @return QHM_OK; QHM_ERROR_UNSUPPORTED for slots (bind them first), for a circuit that measures
 *          nothing, and, beyond IBM, for conditions, loops, resets on the way and operations after
 *          measurements; QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_cloud_job_print(const qhm_circuit *circuit, qhm_cloud cloud,
                                                      const qhm_cloud_job_options *options,
                                                      char **text);

/** Tells whose result file a text is, by its fields.
 *  @return QHM_OK; QHM_ERROR_BAD_INPUT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_cloud_result_find(const char *text, size_t length,
                                                        qhm_cloud *cloud);

/** Reads a result file into a distribution over the classical bits of the circuit that was sent:
 *  counts where the file has them, else probabilities. Bits that nothing measured are 0.
 *
 *  IBM: `results[0].data.<register>.samples`, lists of hexadecimal numbers, one a shot; or counts,
 *  an object whose keys are hexadecimal or binary, bit 0 rightmost, registers separated by spaces,
 *  the last on the left. Braket: `measurements` with `measuredQubits`, or measurementCounts or
 *  measurementProbabilities, whose keys have the first measured qubit on the left. IonQ: an object
 *  (or one under `histogram`, `probabilities` or `counts`) whose keys are whole numbers, qubit 0
 *  the lowest bit.
 *  @return QHM_OK; QHM_ERROR_BAD_INPUT, whose message names the field; QHM_ERROR_UNSUPPORTED for a
 *          circuit whose measurements are not its last operations where outcomes are by qubit;
 *          QHM_ERROR_INVALID_ARGUMENT; QHM_ERROR_OUT_OF_MEMORY. */
QHM_API QHM_MUST_CHECK qhm_status qhm_cloud_result_parse(const char *text, size_t length,
                                                         qhm_cloud cloud,
                                                         const qhm_circuit *circuit,
                                                         qhm_distribution **distribution);

#ifdef __cplusplus
}
#endif
#endif
