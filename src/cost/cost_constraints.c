// What limits a machine of a size: control lines, electronics, cooling.
#include <math.h>
#include <qhm/cost.h>

typedef struct found_list {
    const qhm_device *device;
    qhm_cost_constraint *items;
    size_t count;
} found_list;

static void add(found_list *found, qhm_cost_constraint constraint)
{
    found->items[found->count++] = constraint;
}

static qhm_figure_status weaker(qhm_figure_status a, qhm_figure_status b)
{
    return a > b ? a : b;
}

// What a line may bring into a stage when lines share all of its cooling.
static void add_stage(found_list *found, const char *figure, const char *name, double lines,
                      qhm_figure_status lines_status)
{
    const qhm_figure cooling = qhm_device_figure(found->device, figure);
    if (!isnan(cooling.value))
        add(found, (qhm_cost_constraint){.name = name,
                                         .demand = NAN,
                                         .supply = cooling.value / lines,
                                         .unit = "W a line",
                                         .status = weaker(cooling.status, lines_status),
                                         .source = cooling.source});
}

static void add_lines(found_list *found, double qubits, double chip_qubits)
{
    const qhm_figure lines = qhm_device_figure(found->device, "control_line_count");
    if (isnan(lines.value))
        return;
    const double needed = lines.value * qubits / chip_qubits;
    add(found, (qhm_cost_constraint){"control lines", needed, lines.value, "lines", lines.status,
                                     lines.source});
    if (needed > lines.value)
        add(found, (qhm_cost_constraint){"multiplexing of today's lines", needed / lines.value, 1,
                                         "signals a line", lines.status, lines.source});
    const qhm_figure price = qhm_device_figure(found->device, "control_line_price_usd");
    if (!isnan(price.value))
        add(found, (qhm_cost_constraint){"price of control lines", needed * price.value,
                                         lines.value * price.value, "USD",
                                         weaker(lines.status, price.status), price.source});
    add_stage(found, "cooling_50k_watts", "cooling at 50 K", needed, lines.status);
    add_stage(found, "cooling_4k_watts", "cooling at 4 K", needed, lines.status);
    add_stage(found, "cooling_still_watts", "cooling at the still", needed, lines.status);
    add_stage(found, "cooling_cold_plate_watts", "cooling at the cold plate", needed, lines.status);
    add_stage(found, "cooling_20mk_watts", "cooling at 20 mK", needed, lines.status);
}

void qhm_cost_find_constraints(const qhm_device *device, uint64_t qubits,
                               qhm_cost_constraint *constraints, size_t *count)
{
    const double chip_qubits = (double)qhm_device_qubit_count(device);
    found_list found = {.device = device, .items = constraints};
    add(&found, (qhm_cost_constraint){.name = "qubits",
                                      .demand = (double)qubits,
                                      .supply = chip_qubits,
                                      .unit = "qubits",
                                      .status = QHM_FIGURE_MEASURED});
    add_lines(&found, (double)qubits, chip_qubits);
    const qhm_figure control = qhm_device_figure(device, "control_power_per_qubit_watts");
    if (!isnan(control.value))
        add(&found, (qhm_cost_constraint){"control electronics", control.value * (double)qubits,
                                          control.value * chip_qubits, "W", control.status,
                                          control.source});
    *count = found.count;
}
