// The shot that a QIR program is in.
//
// Gates and measurements are recorded, and the circuit runs once, when the shot ends and its
// outputs are printed. Where the program reads a result on its way the circuit so far runs at once;
// later runs begin anew with the same random numbers, one for each measurement in turn, so that
// they come to the same outcomes.
#include "qir/qir_shot.h"

#include <inttypes.h>
#include <qhm/backend.h>
#include <qhm/plan.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

enum { MOST_QUBITS = 1 << 20, MOST_RESULTS = 1 << 24 };

// Pointers to results: numbers of the program below, then the constants, then results that
// __quantum__qis__m__body made, by their bit.
static const uintptr_t zero_result = MOST_RESULTS, one_result = MOST_RESULTS + 1;
static const uintptr_t first_own_result = MOST_RESULTS + 2;

struct output {
    char *head, *label; // label may be NULL
    bool has_bit;
    uint32_t bit; // whose outcome stands between them
};

static struct shot {
    bool is_open, is_adaptive, has_header;
    uint64_t number; // of the shots of the process, from 0
    qhm_circuit *circuit;
    uint32_t *bit_of_result; // 1 + the bit that a result of the program holds; 0: none
    size_t result_capacity;
    uint64_t *known; // outcomes of the first known_count bits
    size_t known_count;
    struct output *outputs;
    size_t output_count, output_capacity;
    uint32_t *free_qubits; // given back
    size_t free_count, free_capacity;
    uint32_t next_qubit; // never taken yet
    bool *is_touched;    // [qubits of the circuit]
} shot;

// From the environment, read once.
static struct settings {
    bool are_read;
    uint64_t seed, shots;
    const char *method;
} settings;

void qhm_qir_fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fflush(stdout);
    fputs("qhm: ", stderr);
    vfprintf(stderr, format, arguments);
    fputs("\n", stderr);
    va_end(arguments);
    _Exit(1); // also where the process is ending already
}

static void require(qhm_status status)
{
    if (status != QHM_OK)
        qhm_qir_fail("%s", qhm_error_message());
}

void *qhm_qir_grow(void *block, size_t count, size_t size)
{
    void *grown = count > SIZE_MAX / size ? NULL : realloc(block, count * size);
    if (!grown)
        qhm_qir_fail("there is no memory for %zu times %zu bytes", count, size);
    return grown;
}

void *qhm_qir_allocate(size_t count, size_t size)
{
    void *block = qhm_qir_grow(NULL, count, size);
    memset(block, 0, count * size);
    return block;
}

// Room for one more element.
static void *reserve(void *block, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return block;
    *capacity = *capacity ? 2 * *capacity : 16;
    return qhm_qir_grow(block, *capacity, size);
}

static uint64_t read_number(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name);
    if (!text)
        return otherwise;
    char *end;
    const uint64_t value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0')
        qhm_qir_fail("%s is \"%s\", not a whole number", name, text);
    return value;
}

static void read_settings(void)
{
    uint64_t random = 0;
    if (settings.are_read)
        return;
    settings.are_read = true;
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        random = (uint64_t)time(NULL);
    settings.seed = read_number("QHM_SEED", random);
    settings.shots = read_number("QHM_SHOTS", 1);
    settings.method = getenv("QHM_METHOD") ? getenv("QHM_METHOD") : "statevector";
    if (settings.shots < 1 || settings.shots > UINT32_MAX)
        qhm_qir_fail("QHM_SHOTS is %" PRIu64 ", not 1 to 4294967295", settings.shots);
}

static void open_shot(void)
{
    if (shot.is_open)
        return;
    read_settings();
    require(qhm_circuit_create(0, 0, &shot.circuit));
    shot.is_open = true;
}

static uint32_t qubit_of(qir_qubit *qubit)
{
    open_shot();
    const uintptr_t number = (uintptr_t)qubit;
    if (number >= MOST_QUBITS)
        qhm_qir_fail("qubit %" PRIuPTR " is not below %d", number, MOST_QUBITS);
    const size_t count = qhm_circuit_qubit_count(shot.circuit);
    if (number >= count) {
        require(qhm_circuit_append_qubits(shot.circuit, "q", number + 1 - count));
        shot.is_touched = qhm_qir_grow(shot.is_touched, number + 1, sizeof *shot.is_touched);
        memset(shot.is_touched + count, 0, (number + 1 - count) * sizeof *shot.is_touched);
    }
    shot.is_touched[number] = true;
    return (uint32_t)number;
}

void qhm_qir_append(qhm_gate gate, const qir_array *controls, double angle,
                    qir_qubit *const *qubits, size_t qubit_count)
{
    const size_t control_count = controls ? (size_t)controls->count : 0;
    uint32_t *all = qhm_qir_allocate(control_count + qubit_count, sizeof *all);
    for (size_t i = 0; i < control_count; i++)
        all[i] = qubit_of(((qir_qubit *const *)(const void *)controls->items)[i]);
    for (size_t i = 0; i < qubit_count; i++)
        all[control_count + i] = qubit_of(qubits[i]);
    const qhm_angle constant = qhm_angle_constant(angle);
    const qhm_instruction instruction = {.gate = gate,
                                         .control_count = (uint32_t)control_count,
                                         .qubit_count = (uint32_t)(control_count + qubit_count),
                                         .qubits = all,
                                         .angles = &constant};
    require(qhm_circuit_append_instruction(shot.circuit, &instruction));
    free(all);
}

// Every measurement has a bit of its own.
static uint32_t append_measurement(qir_qubit *qubit)
{
    const uint32_t number = qubit_of(qubit);
    const uint32_t bit = (uint32_t)qhm_circuit_bit_count(shot.circuit);
    require(qhm_circuit_append_bits(shot.circuit, NULL, 1));
    require(qhm_circuit_append_measure(shot.circuit, number, bit));
    return bit;
}

void qhm_qir_measure(qir_qubit *qubit, qir_result *result)
{
    const uintptr_t number = (uintptr_t)result;
    if (number >= MOST_RESULTS)
        qhm_qir_fail("result %" PRIuPTR " is not below %d", number, MOST_RESULTS);
    if (number >= shot.result_capacity) {
        const size_t capacity = 2 * number + 16, old = shot.result_capacity;
        shot.bit_of_result = qhm_qir_grow(shot.bit_of_result, capacity, sizeof(uint32_t));
        memset(shot.bit_of_result + old, 0, (capacity - old) * sizeof(uint32_t));
        shot.result_capacity = capacity;
    }
    shot.bit_of_result[number] = 1 + append_measurement(qubit);
}

qir_result *qhm_qir_measure_new(qir_qubit *qubit)
{
    return (qir_result *)(first_own_result + append_measurement(qubit));
}

qir_result *__quantum__rt__result_get_zero(void)
{
    return (qir_result *)zero_result;
}

qir_result *__quantum__rt__result_get_one(void)
{
    return (qir_result *)one_result;
}

// The bit of a result; false, with its value, for the constants and what was never measured.
static bool find_bit(qir_result *result, uint32_t *bit, bool *value)
{
    const uintptr_t number = (uintptr_t)result;
    *value = number == one_result;
    if (number == zero_result || number == one_result)
        return false;
    if (number >= first_own_result) {
        *bit = (uint32_t)(number - first_own_result);
        if (!shot.circuit || *bit >= qhm_circuit_bit_count(shot.circuit))
            qhm_qir_fail("a result is read that was made before this shot");
        return true;
    }
    *bit = number < shot.result_capacity ? shot.bit_of_result[number] - 1 : UINT32_MAX;
    return *bit != UINT32_MAX;
}

// The circuit that runs: one whose results are read on the way begins with a reset, so that every
// measurement draws its own random number in turn, however the circuit goes on.
static qhm_circuit *make_runnable(void)
{
    qhm_circuit *runnable;
    if (!shot.is_adaptive) {
        require(qhm_circuit_copy(shot.circuit, &runnable));
        return runnable;
    }
    require(qhm_circuit_create(qhm_circuit_qubit_count(shot.circuit),
                               qhm_circuit_bit_count(shot.circuit), &runnable));
    require(qhm_circuit_append(runnable, QHM_GATE_H, (uint32_t[]){0}, NULL));
    require(qhm_circuit_append(runnable, QHM_GATE_RESET, (uint32_t[]){0}, NULL));
    require(qhm_circuit_append_circuit(runnable, shot.circuit, NULL, NULL, 0, 0));
    return runnable;
}

// Outcomes [shots][(bits + 63) / 64] of the circuit so far; free() them.
static uint64_t *run(size_t shots)
{
    const size_t words = (qhm_circuit_bit_count(shot.circuit) + 63) / 64;
    uint64_t *bits = qhm_qir_allocate(shots, (words > 0 ? words : 1) * sizeof *bits);
    if (words == 0)
        return bits;
    qhm_circuit *circuit = make_runnable();
    qhm_backend *backend;
    qhm_plan *plan;
    const qhm_plan_options options = {.max_batch = 1, .forward_only = true};
    require(qhm_backend_create(settings.method, NULL, &backend));
    require(qhm_plan_create(backend, circuit, NULL, 0, &options, &plan));
    const qhm_request request = {
        .batch_count = 1, .shots = shots, .seed = settings.seed, .step = shot.number, .bits = bits};
    require(qhm_plan_run(plan, &request));
    qhm_plan_destroy(plan);
    qhm_backend_destroy(backend);
    qhm_circuit_destroy(circuit);
    return bits;
}

static bool is_set(const uint64_t *bits, size_t bit)
{
    return bits[bit / 64] >> bit % 64 & 1;
}

bool qhm_qir_read(qir_result *result)
{
    uint32_t bit;
    bool value;
    if (!find_bit(result, &bit, &value))
        return value;
    if (settings.shots > 1)
        qhm_qir_fail("QHM_SHOTS is %" PRIu64 ", but the program reads results on its way: run it "
                     "once a shot",
                     settings.shots);
    if (bit >= shot.known_count) {
        shot.is_adaptive = true;
        uint64_t *bits = run(1);
        for (size_t i = 0; i < shot.known_count; i++)
            if (is_set(bits, i) != is_set(shot.known, i))
                qhm_qir_fail("measurement %zu came out otherwise when it ran again", i);
        free(shot.known);
        shot.known = bits;
        shot.known_count = qhm_circuit_bit_count(shot.circuit);
    }
    return is_set(shot.known, bit);
}

qir_qubit *qhm_qir_qubit_take(void)
{
    open_shot();
    const uint32_t qubit =
        shot.free_count > 0 ? shot.free_qubits[--shot.free_count] : shot.next_qubit++;
    qir_qubit *pointer = (qir_qubit *)(uintptr_t)qubit;
    if (qubit < qhm_circuit_qubit_count(shot.circuit) && shot.is_touched[qubit]) {
        qhm_qir_append(QHM_GATE_RESET, NULL, 0, &pointer, 1);
        shot.is_touched[qubit] = false;
    }
    return pointer;
}

void qhm_qir_qubit_give_back(qir_qubit *qubit)
{
    shot.free_qubits =
        reserve(shot.free_qubits, shot.free_count, &shot.free_capacity, sizeof *shot.free_qubits);
    shot.free_qubits[shot.free_count++] = qubit_of(qubit);
}

static char *copy_text(const char *text)
{
    const size_t size = strlen(text) + 1;
    return memcpy(qhm_qir_allocate(size, 1), text, size);
}

static struct output *append_output(const char *label)
{
    open_shot();
    shot.outputs =
        reserve(shot.outputs, shot.output_count, &shot.output_capacity, sizeof *shot.outputs);
    struct output *output = &shot.outputs[shot.output_count++];
    *output = (struct output){.label = label ? copy_text(label) : NULL};
    return output;
}

void qhm_qir_record(const char *kind, const char *value, const char *label)
{
    struct output *output = append_output(label);
    const size_t size = strlen(kind) + strlen(value) + sizeof "OUTPUT\t\t";
    output->head = qhm_qir_allocate(size, 1);
    snprintf(output->head, size, "OUTPUT\t%s\t%s", kind, value);
}

void qhm_qir_record_result(qir_result *result, const char *label)
{
    uint32_t bit;
    bool value;
    if (!find_bit(result, &bit, &value)) {
        qhm_qir_record("RESULT", value ? "1" : "0", label);
        return;
    }
    struct output *output = append_output(label);
    output->head = copy_text("OUTPUT\tRESULT\t");
    output->has_bit = true;
    output->bit = bit;
}

static void print_shot(const uint64_t *bits)
{
    puts("START");
    for (size_t i = 0; i < shot.output_count; i++) {
        const struct output *output = &shot.outputs[i];
        fputs(output->head, stdout);
        if (output->has_bit)
            fputs(is_set(bits, output->bit) ? "1" : "0", stdout);
        if (output->label)
            printf("\t%s", output->label);
        puts("");
    }
    puts("END\t0");
}

// Runs what was recorded and prints its outputs; the shot is over.
static void close_shot(void)
{
    if (!shot.is_open)
        return;
    uint64_t *bits = run((size_t)settings.shots);
    const size_t words = (qhm_circuit_bit_count(shot.circuit) + 63) / 64;
    if (!shot.has_header)
        puts("HEADER\tschema_id\tlabeled\nHEADER\tschema_version\t2.1");
    for (size_t s = 0; s < settings.shots; s++)
        print_shot(bits + s * words);
    if (fflush(stdout) != 0)
        qhm_qir_fail("the outputs cannot be written");
    free(bits);
    for (size_t i = 0; i < shot.output_count; i++) {
        free(shot.outputs[i].head);
        free(shot.outputs[i].label);
    }
    qhm_circuit_destroy(shot.circuit);
    free(shot.bit_of_result);
    free(shot.known);
    free(shot.outputs);
    free(shot.free_qubits);
    free(shot.is_touched);
    shot = (struct shot){.has_header = true, .number = shot.number + 1};
}

void qhm_qir_shot_begin(void)
{
    close_shot();
    open_shot();
}

// The last shot ends with the process.
__attribute__((destructor)) static void close_last_shot(void)
{
    close_shot();
}
