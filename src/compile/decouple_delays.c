// Pass: pulses in long delays that turn slow errors of the frequency against themselves: two X
// [viola1998] or X Y X Y [maudsley1986]. Together they are the identity, so the meaning stays.
#include "base/memory.h"
#include "compile/chip_operations.h"
#include "compile/compile_internal.h"

#include <math.h>
#include <string.h>

struct sequence {
    const char *name;
    size_t count;
    qhm_gate pulses[4];
};

static const struct sequence sequences[] = {
    {"xx", 2, {QHM_GATE_X, QHM_GATE_X}},
    {"xy4", 4, {QHM_GATE_X, QHM_GATE_Y, QHM_GATE_X, QHM_GATE_Y}},
};

struct work {
    const qhm_compilation *compilation;
    qhm_circuit *made;
    qhm_chip_operations operations;
    const struct sequence *sequence;
    size_t delays, pulses;
};

static double pulse_duration(const struct work *work, uint32_t qubit)
{
    const uint32_t place = work->compilation->physical[qubit];
    const qhm_device_operation *pulse = work->operations.x     ? work->operations.x
                                        : work->operations.any ? work->operations.any
                                                               : work->operations.sx;
    const double duration =
        qhm_device_operation_duration_ns(work->compilation->device, pulse, &place);
    const double times = pulse == work->operations.sx ? 2 : 1;
    return isnan(duration) ? 0 : duration * times;
}

// X, or Y as X after a virtual turn.
static qhm_status append_pulse(struct work *work, qhm_gate pulse, uint32_t qubit)
{
    const qhm_angle half = qhm_angle_constant(M_PI), none = qhm_angle_constant(0),
                    quarter = qhm_angle_constant(M_PI / 2);
    if (!work->operations.x && work->operations.any) {
        // U(pi, 0, pi) = X, U(pi, pi/2, pi/2) = Y
        const qhm_angle x[3] = {half, none, half}, y[3] = {half, quarter, quarter};
        return qhm_circuit_append(work->made, QHM_GATE_U, &qubit, pulse == QHM_GATE_X ? x : y);
    }
    if (pulse == QHM_GATE_Y)
        QHM_TRY(qhm_circuit_append(work->made, QHM_GATE_RZ, &qubit, &half));
    if (work->operations.x)
        return qhm_circuit_append(work->made, QHM_GATE_X, &qubit, NULL);
    QHM_TRY(qhm_circuit_append(work->made, QHM_GATE_SX, &qubit, NULL));
    return qhm_circuit_append(work->made, QHM_GATE_SX, &qubit, NULL);
}

static qhm_status append_delay(struct work *work, uint32_t qubit, double duration_ns)
{
    return duration_ns > 0 ? qhm_circuit_append_delay(work->made, qubit, duration_ns) : QHM_OK;
}

// Pulses in the middles of equal parts, so that half a part comes first and last.
static qhm_status fill_delay(struct work *work, uint32_t qubit, double duration_ns)
{
    const size_t count = work->sequence->count;
    const double pulse = pulse_duration(work, qubit), rest = duration_ns - (double)count * pulse;
    const double part = rest / (double)count;
    if (part < pulse || part <= 0)
        return qhm_circuit_append_delay(work->made, qubit, duration_ns);
    QHM_TRY(append_delay(work, qubit, part / 2));
    for (size_t i = 0; i < count; i++) {
        QHM_TRY(append_pulse(work, work->sequence->pulses[i], qubit));
        QHM_TRY(append_delay(work, qubit, i + 1 < count ? part : part / 2));
    }
    work->delays++;
    work->pulses += count;
    return QHM_OK;
}

static qhm_status decouple(struct work *work)
{
    const qhm_circuit *circuit = work->compilation->circuit;
    QHM_TRY(qhm_chip_operations_find(work->compilation->device,
                                     work->compilation->options.allow_assumed_gates,
                                     &work->operations));
    QHM_TRY(qhm_compilation_begin(circuit, 0, &work->made));
    for (size_t i = 0; i < circuit->instruction_count; i++) {
        const qhm_instruction *instruction = &circuit->instructions[i];
        if (instruction->gate == QHM_GATE_DELAY &&
            instruction->condition.relation == QHM_RELATION_NONE)
            QHM_TRY(fill_delay(work, instruction->qubits[0], instruction->duration_ns));
        else
            QHM_TRY(qhm_circuit_append_instruction(work->made, instruction));
    }
    return QHM_OK;
}

static qhm_status run(qhm_compilation *compilation)
{
    struct work work = {.compilation = compilation, .sequence = &sequences[0]};
    while (strcmp(work.sequence->name, compilation->options.decoupling) != 0)
        work.sequence++;
    const qhm_status status = decouple(&work);
    if (status != QHM_OK) {
        qhm_circuit_destroy(work.made);
        return status;
    }
    qhm_compilation_replace(compilation, work.made);
    qhm_text_print(&compilation->detail, "%zu pulses in %zu delay%s", work.pulses, work.delays,
                   work.delays == 1 ? "" : "s");
    return QHM_OK;
}

static bool is_wanted(const qhm_compilation *compilation)
{
    return compilation->options.decoupling != NULL;
}

const qhm_compile_pass qhm_pass_decouple = {
    .name = "decouple", .help = "pulses in long delays", .is_wanted = is_wanted, .run = run};
