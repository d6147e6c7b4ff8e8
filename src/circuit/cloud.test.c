// Bodies of jobs for clouds, and their results, which come back in each cloud's order of bits.
#include "base/document.h"
#include "support/checks.h"
#include "support/failing_memory.h"

#include <qhm/cloud.h>

// Registers a[2] and b[1] around a scratch bit; qubit 0 into b[0], 1 into a[1], 2 into a[0].
static qhm_circuit *make_circuit(void)
{
    qhm_circuit *circuit;
    REQUIRE_OK(qhm_circuit_create(3, 0, &circuit));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "a", 2));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, NULL, 1));
    REQUIRE_OK(qhm_circuit_append_bits(circuit, "b", 1));
    const qhm_angle angle = qhm_angle_constant(0.1);
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_H, (uint32_t[]){0}, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_CX, (uint32_t[]){0, 1}, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RY, (uint32_t[]){2}, &angle));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_SXDG, (uint32_t[]){2}, NULL));
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_SWAP, (uint32_t[]){1, 2}, NULL));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 3));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 1, 1));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 2, 0));
    return circuit;
}

static char *print(qhm_cloud cloud, const char *backend, uint64_t shots)
{
    qhm_circuit *circuit = make_circuit();
    char *text = NULL;
    REQUIRE_OK(qhm_cloud_job_print(
        circuit, cloud, &(qhm_cloud_job_options){.backend = backend, .shots = shots}, &text));
    qhm_document *document; // it is JSON
    REQUIRE_OK(qhm_document_parse_json(text, strlen(text), "job", &document));
    qhm_document_destroy(document);
    qhm_circuit_destroy(circuit);
    return text;
}

static void ibm_gets_openqasm_3(void **state)
{
    (void)state;
    char *text = print(QHM_CLOUD_IBM, "ibm_torino", 100);
    assert_string_equal(
        text, "{\n  \"program_id\": \"sampler\",\n  \"backend\": \"ibm_torino\",\n  \"params\": {\n"
              "    \"pubs\": [\n      [\n"
              "        \"OPENQASM 3.0;\\ninclude \\\"stdgates.inc\\\";\\nqubit[3] q;\\nbit[2] a;\\n"
              "bit[1] scratch;\\nbit[1] b;\\nh q[0];\\ncx q[0], q[1];\\nry(0.1) q[2];\\nrx(-pi/2) "
              "q[2];\\n"
              "swap q[1], q[2];\\nb[0] = measure q[0];\\na[1] = measure q[1];\\n"
              "a[0] = measure q[2];\\n\",\n"
              "        null,\n        100\n      ]\n    ],\n    \"version\": 2\n  }\n}\n");
    qhm_string_destroy(text);
}

static void braket_gets_its_own_names(void **state)
{
    (void)state;
    char *text = print(QHM_CLOUD_BRAKET, NULL, 0);
    assert_string_equal(
        text, "{\n  \"deviceArn\": \"arn:aws:braket:::device/quantum-simulator/amazon/sv1\",\n"
              "  \"shots\": 1024,\n"
              "  \"action\": \"{\\\"braketSchemaHeader\\\":{\\\"name\\\":"
              "\\\"braket.ir.openqasm.program\\\",\\\"version\\\":\\\"1\\\"},\\\"source\\\":"
              "\\\"OPENQASM 3.0;\\\\nbit[4] b;\\\\nqubit[3] q;\\\\nh q[0];\\\\ncnot q[0], q[1];"
              "\\\\nry(0.1) q[2];\\\\nvi q[2];\\\\nswap q[1], q[2];\\\\nb[3] = measure q[0];"
              "\\\\nb[1] = measure q[1];\\\\nb[0] = measure q[2];\\\\n\\\",\\\"inputs\\\":{}}\"\n"
              "}\n");
    qhm_string_destroy(text);
}

static void ionq_gets_a_list_of_gates(void **state)
{
    (void)state;
    char *text = print(QHM_CLOUD_IONQ, NULL, 0), *compact = text;
    for (const char *c = text; *c; c++)
        if (*c != ' ' && *c != '\n')
            *compact++ = *c;
    *compact = '\0';
    assert_string_equal(
        text, "{\"type\":\"ionq.circuit.v1\",\"backend\":\"simulator\",\"shots\":1024,\"input\":{"
              "\"qubits\":3,\"gateset\":\"qis\",\"circuit\":[{\"gate\":\"h\",\"target\":0},"
              "{\"gate\":\"cnot\",\"control\":0,\"target\":1},"
              "{\"gate\":\"ry\",\"target\":2,\"rotation\":0.10000000000000001},"
              "{\"gate\":\"vi\",\"target\":2},{\"gate\":\"swap\",\"targets\":[1,2]}]}}");
    qhm_string_destroy(text);
}

static void what_a_cloud_cannot_run_is_refused(void **state)
{
    (void)state;
    const qhm_angle slot = qhm_angle_input(0, 1);
    qhm_circuit *circuit;
    char *text = NULL;
    REQUIRE_OK(qhm_circuit_create(1, 1, &circuit));
    REQUIRE_FAILS(qhm_cloud_job_print(circuit, QHM_CLOUD_IONQ, NULL, &text), QHM_ERROR_UNSUPPORTED,
                  "the circuit measures nothing");
    REQUIRE_OK(qhm_circuit_append(circuit, QHM_GATE_RX, (uint32_t[]){0}, &slot));
    REQUIRE_OK(qhm_circuit_append_measure(circuit, 0, 0));
    REQUIRE_FAILS(qhm_cloud_job_print(circuit, QHM_CLOUD_IBM, NULL, &text),
                  QHM_ERROR_INVALID_ARGUMENT, "needs the name of its backend");
    REQUIRE_FAILS(qhm_cloud_job_print(circuit, QHM_CLOUD_IBM,
                                      &(qhm_cloud_job_options){.backend = "x"}, &text),
                  QHM_ERROR_UNSUPPORTED, "instruction 0: a job for ibm has no parameters");
    REQUIRE_FAILS(qhm_cloud_job_print(circuit, QHM_CLOUD_BRAKET, NULL, &text),
                  QHM_ERROR_UNSUPPORTED, "instruction 0: a job for braket has no parameters");
    REQUIRE_FAILS(qhm_cloud_job_print(circuit, (qhm_cloud)3, NULL, &text),
                  QHM_ERROR_INVALID_ARGUMENT, "the cloud is 3, not below 3");
    assert_null(text);
    qhm_circuit_destroy(circuit);
    qhm_cloud cloud;
    REQUIRE_OK(qhm_cloud_find("ionq", &cloud));
    assert_int_equal(cloud, QHM_CLOUD_IONQ);
    REQUIRE_FAILS(qhm_cloud_find("ion", &cloud), QHM_ERROR_NOT_FOUND, "ionq");
    assert_string_equal(qhm_cloud_name(QHM_CLOUD_BRAKET), "braket");
}

// Twice b a[1] a[0] = 0 01 and once 1 10, in each cloud's words.
static const struct {
    const char *text;
    qhm_cloud cloud;
    double scale;
} results[] = {
    {"{\"results\": [{\"data\": {\"a\": {\"samples\": [\"0x1\", \"0x2\", \"0x1\"], \"num_bits\": "
     "2},"
     "\"b\": {\"samples\": [\"0x0\", \"0x1\", \"0x0\"], \"num_bits\": 1}}}], \"metadata\": {}}",
     QHM_CLOUD_IBM, 1},
    {"{\"results\": [{\"data\": {\"counts\": {\"0x1\": 2, \"0x6\": 1}}}]}", QHM_CLOUD_IBM, 1},
    {"{\"counts\": {\"0 01\": 2, \"1 10\": 1}}", QHM_CLOUD_IBM, 1},
    {"{\"001\": 2, \"110\": 1}", QHM_CLOUD_IBM, 1},
    {"{\"0x1\": 2, \"0X6\": 1}", QHM_CLOUD_IBM, 1},
    // rows are q2 q0 q1
    {"{\"measurements\": [[1, 0, 0], [0, 1, 1], [1, 0, 0]], \"measuredQubits\": [2, 0, 1]}",
     QHM_CLOUD_BRAKET, 1},
    {"{\"measurementCounts\": {\"001\": 2, \"110\": 1}, \"measuredQubits\": [0, 1, 2]}",
     QHM_CLOUD_BRAKET, 1},
    {"{\"measurements\": null, \"measurementProbabilities\": {\"001\": 0.5, \"110\": 0.25},"
     "\"measuredQubits\": [0, 1, 2]}",
     QHM_CLOUD_BRAKET, 0.25},
    // q0 is bit 0 of the number
    {"{\"4\": 0.5, \"3\": 0.25}", QHM_CLOUD_IONQ, 0.25},
    {"{\"histogram\": {\"4\": 0.5, \"3\": 0.25}}", QHM_CLOUD_IONQ, 0.25},
};

static void results_come_back_in_our_order_of_bits(void **state)
{
    (void)state;
    qhm_circuit *circuit = make_circuit();
    for (size_t i = 0; i < sizeof results / sizeof results[0]; i++) {
        qhm_distribution *distribution;
        qhm_cloud cloud;
        const size_t length = strlen(results[i].text);
        REQUIRE_OK(qhm_cloud_result_find(results[i].text, length, &cloud));
        assert_int_equal(cloud, results[i].cloud);
        REQUIRE_OK(qhm_cloud_result_parse(results[i].text, length, cloud, circuit, &distribution));
        assert_int_equal(qhm_distribution_bit_count(distribution), 4);
        assert_int_equal(qhm_distribution_outcome_count(distribution), 2);
        const uint64_t first = 1, second = 8 + 2; // b is bit 3, after the scratch bit
        REQUIRE_NEAR(qhm_distribution_weight(distribution, &first), 2 * results[i].scale, 0);
        REQUIRE_NEAR(qhm_distribution_weight(distribution, &second), results[i].scale, 0);
        qhm_distribution_destroy(distribution);
    }
    qhm_circuit_destroy(circuit);
}

static const struct {
    const char *text;
    qhm_cloud cloud;
    const char *message;
} mistakes[] = {
    {"[]", QHM_CLOUD_IBM, "expected an object"},
    {"{", QHM_CLOUD_IBM, "the result:"},
    {"{\"results\": []}", QHM_CLOUD_IBM, "results: expected a list of one result"},
    {"{\"results\": [{\"data\": 1}]}", QHM_CLOUD_IBM, "results.0.data: expected a mapping"},
    {"{\"results\": [{\"data\": {\"c\": {\"samples\": []}}}]}", QHM_CLOUD_IBM,
     "results.0.data.c: the circuit has no classical register of this name"},
    {"{\"results\": [{\"data\": {\"a\": {}}}]}", QHM_CLOUD_IBM, "a: expected a field samples"},
    {"{\"results\": [{\"data\": {\"a\": {\"samples\": [\"0x4\"]}}}]}", QHM_CLOUD_IBM,
     "samples.0: 0x4 has more than 2 bits"},
    {"{\"results\": [{\"data\": {\"a\": {\"samples\": [\"4\"]}}}]}", QHM_CLOUD_IBM,
     "samples.0: expected a hexadecimal number"},
    {"{\"results\": [{\"data\": {\"a\": {\"samples\": [\"0x0\"]}, \"b\": {\"samples\": []}}}]}",
     QHM_CLOUD_IBM, "b.samples: has 0 shots, not 1"},
    {"{\"results\": [{\"data\": {\"a\": {\"samples\": []}}}]}", QHM_CLOUD_IBM,
     "there are no outcomes"},
    {"{\"2\": 1}", QHM_CLOUD_IBM, "is no outcome of the circuit"},
    {"{\"001\": -1}", QHM_CLOUD_IBM, "-1 is not a count"},
    {"{\"001\": [1]}", QHM_CLOUD_IBM, "expected a count or a probability"},
    {"{\"measurements\": []}", QHM_CLOUD_BRAKET, "expected a field measuredQubits"},
    {"{\"measuredQubits\": [0, 1, 2]}", QHM_CLOUD_BRAKET, "expected a field measurements"},
    {"{\"measuredQubits\": [0, 3]}", QHM_CLOUD_BRAKET,
     "measuredQubits.1: expected a qubit below 3"},
    {"{\"measuredQubits\": [0, 1]}", QHM_CLOUD_BRAKET, "lacks qubit 2"},
    {"{\"measuredQubits\": [0, 1, 2], \"measurements\": [[0, 1]]}", QHM_CLOUD_BRAKET,
     "measurements.0: expected 3 outcomes"},
    {"{\"measuredQubits\": [0, 1, 2], \"measurements\": [[0, 1, 2]]}", QHM_CLOUD_BRAKET,
     "measurements.0.2: expected 0 or 1"},
    {"{\"measuredQubits\": [0, 1, 2], \"measurementCounts\": {\"0\": 1}}", QHM_CLOUD_BRAKET,
     "expected a name of 3 zeros and ones"},
    {"{\"8\": 1}", QHM_CLOUD_IONQ, "expected a name that is a whole number of 3 bits"},
    {"{\"-1\": 1}", QHM_CLOUD_IONQ, "expected a name that is a whole number of 3 bits"},
};

static void mistakes_are_told_with_their_place(void **state)
{
    (void)state;
    qhm_circuit *circuit = make_circuit();
    for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
        qhm_distribution *distribution = NULL;
        REQUIRE_FAILS(qhm_cloud_result_parse(mistakes[i].text, strlen(mistakes[i].text),
                                             mistakes[i].cloud, circuit, &distribution),
                      QHM_ERROR_BAD_INPUT, mistakes[i].message);
        assert_null(distribution);
    }
    qhm_circuit_destroy(circuit);
    qhm_cloud cloud;
    REQUIRE_FAILS(qhm_cloud_result_find("{\"a\": {}}", 9, &cloud), QHM_ERROR_BAD_INPUT,
                  "no result file of ibm, braket or ionq");
    REQUIRE_FAILS(qhm_cloud_result_find("{}", 2, &cloud), QHM_ERROR_BAD_INPUT,
                  "no result file of ibm, braket or ionq");
}

static qhm_status read_first(void *circuit)
{
    qhm_distribution *distribution;
    qhm_status status = qhm_cloud_result_parse(results[5].text, strlen(results[5].text),
                                               QHM_CLOUD_BRAKET, circuit, &distribution);
    if (status == QHM_OK)
        qhm_distribution_destroy(distribution);
    return status;
}

static qhm_status print_all(void *circuit)
{
    for (unsigned cloud = 0; cloud < 3; cloud++) {
        char *text;
        qhm_status status = qhm_cloud_job_print(
            circuit, (qhm_cloud)cloud, &(qhm_cloud_job_options){.backend = "backend"}, &text);
        if (status != QHM_OK)
            return status;
        qhm_string_destroy(text);
    }
    return QHM_OK;
}

static void every_failed_allocation_is_reported(void **state)
{
    (void)state;
    qhm_circuit *circuit = make_circuit();
    require_survives_failing_memory(read_first, circuit);
    require_survives_failing_memory(print_all, circuit);
    qhm_circuit_destroy(circuit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ibm_gets_openqasm_3),
        cmocka_unit_test(braket_gets_its_own_names),
        cmocka_unit_test(ionq_gets_a_list_of_gates),
        cmocka_unit_test(what_a_cloud_cannot_run_is_refused),
        cmocka_unit_test(results_come_back_in_our_order_of_bits),
        cmocka_unit_test(mistakes_are_told_with_their_place),
        cmocka_unit_test(every_failed_allocation_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
