// Ising problems: building them, their costs, and the phase that QAOA makes of them.
#include <qhm/ising.h>

#include "base/accurate_sum.h"
#include "base/memory.h"
#include "base/status_internal.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

enum { MOST_SPINS = 64, MOST_TABLE_SPINS = 30 };

// The constant and fields gather shares of many terms, which cancel in the costs of bits.
struct qhm_ising {
    size_t count;
    qhm_accurate_sum constant;
    qhm_accurate_sum fields[MOST_SPINS];
    double couplings[MOST_SPINS][MOST_SPINS]; // symmetric, 0 on the diagonal
};

qhm_status qhm_ising_create(size_t spin_count, qhm_ising **ising)
{
    qhm_ising *made;
    QHM_REQUIRE(ising, "ising is NULL");
    QHM_REQUIRE(spin_count >= 1 && spin_count <= MOST_SPINS, "spin_count is %zu, not 1 to %d",
                spin_count, MOST_SPINS);
    QHM_TRY(qhm_allocate(1, sizeof *made, &made));
    made->count = spin_count;
    *ising = made;
    return QHM_OK;
}

void qhm_ising_destroy(qhm_ising *ising)
{
    qhm_release(ising);
}

qhm_status qhm_ising_copy(const qhm_ising *ising, qhm_ising **copy)
{
    QHM_REQUIRE(ising && copy, "ising or copy is NULL");
    return qhm_copy_bytes(ising, 1, sizeof *ising, copy);
}

qhm_status qhm_ising_append_constant(qhm_ising *ising, double value)
{
    QHM_REQUIRE(ising && isfinite(value), "the constant is %g, which is not finite", value);
    qhm_accurate_sum_add(&ising->constant, value);
    return QHM_OK;
}

static qhm_status check(const qhm_ising *ising, size_t i, size_t j, double value)
{
    QHM_REQUIRE(ising, "ising is NULL");
    QHM_REQUIRE(i < ising->count && j < ising->count, "spin %zu of a problem of %zu",
                i < ising->count ? j : i, ising->count);
    QHM_REQUIRE(isfinite(value), "the term of spins %zu and %zu is %g, which is not finite", i, j,
                value);
    return QHM_OK;
}

qhm_status qhm_ising_append_field(qhm_ising *ising, size_t i, double value)
{
    QHM_TRY(check(ising, i, i, value));
    qhm_accurate_sum_add(&ising->fields[i], value);
    return QHM_OK;
}

static void couple(qhm_ising *ising, size_t i, size_t j, double value)
{
    if (i == j) {
        qhm_accurate_sum_add(&ising->constant, value);
        return;
    }
    ising->couplings[i][j] += value;
    ising->couplings[j][i] = ising->couplings[i][j];
}

qhm_status qhm_ising_append_coupling(qhm_ising *ising, size_t i, size_t j, double value)
{
    QHM_TRY(check(ising, i, j, value));
    QHM_REQUIRE(i != j, "spin %zu is coupled to itself", i);
    couple(ising, i, j, value);
    return QHM_OK;
}

// x_i x_j = (1 - s_i)(1 - s_j) / 4, and x_i x_i = x_i.
qhm_status qhm_ising_append_product(qhm_ising *ising, size_t i, size_t j, double value)
{
    QHM_TRY(check(ising, i, j, value));
    if (i == j) {
        qhm_accurate_sum_add(&ising->constant, value / 2);
        qhm_accurate_sum_add(&ising->fields[i], -value / 2);
        return QHM_OK;
    }
    qhm_accurate_sum_add(&ising->constant, value / 4);
    qhm_accurate_sum_add(&ising->fields[i], -value / 4);
    qhm_accurate_sum_add(&ising->fields[j], -value / 4);
    couple(ising, i, j, value / 4);
    return QHM_OK;
}

qhm_status qhm_ising_append_square(qhm_ising *ising, size_t count, const size_t *bits,
                                   const double *coefficients, double target, double weight)
{
    for (size_t k = 0; k < count; k++) {
        const double own = weight * coefficients[k];
        QHM_TRY(qhm_ising_append_product(ising, bits[k], bits[k],
                                         own * (coefficients[k] - 2 * target)));
        for (size_t l = 0; l < k; l++)
            QHM_TRY(qhm_ising_append_product(ising, bits[k], bits[l], 2 * own * coefficients[l]));
    }
    return qhm_ising_append_constant(ising, weight * target * target);
}

size_t qhm_ising_spin_count(const qhm_ising *ising)
{
    return ising->count;
}

double qhm_ising_constant(const qhm_ising *ising)
{
    return qhm_accurate_sum_value(ising->constant);
}

double qhm_ising_field(const qhm_ising *ising, size_t i)
{
    return qhm_accurate_sum_value(ising->fields[i]);
}

double qhm_ising_coupling(const qhm_ising *ising, size_t i, size_t j)
{
    return ising->couplings[i][j];
}

static void add_signed(qhm_accurate_sum *sum, bool is_minus, double value)
{
    qhm_accurate_sum_add(sum, is_minus ? -value : value);
}

double qhm_ising_energy(const qhm_ising *ising, uint64_t bits)
{
    qhm_accurate_sum energy = ising->constant;
    for (size_t i = 0; i < ising->count; i++) {
        const uint64_t differ = bits >> i & 1 ? ~bits : bits;
        add_signed(&energy, bits >> i & 1, ising->fields[i].sum);
        add_signed(&energy, bits >> i & 1, ising->fields[i].rest);
        for (size_t j = 0; j < i; j++)
            add_signed(&energy, differ >> j & 1, ising->couplings[i][j]);
    }
    return qhm_accurate_sum_value(energy);
}

// Sums of n spins' terms of n spins round at most 2 n times, and half a unit each time.
double qhm_ising_rounding(const qhm_ising *ising)
{
    double sum = fabs(qhm_ising_constant(ising));
    for (size_t i = 0; i < ising->count; i++) {
        sum += fabs(qhm_ising_field(ising, i));
        for (size_t j = 0; j < i; j++)
            sum += fabs(ising->couplings[i][j]);
    }
    return 2 * (double)(ising->count + 1) * DBL_EPSILON * sum;
}

// The upper half first gets the field on its spin, spins above it being up, and then the costs.
qhm_status qhm_ising_energies(const qhm_ising *ising, double *energies)
{
    QHM_REQUIRE(ising && energies, "ising or energies is NULL");
    QHM_REQUIRE(ising->count <= MOST_TABLE_SPINS, "a table of %zu spins, more than %d",
                ising->count, MOST_TABLE_SPINS);
    energies[0] = qhm_ising_energy(ising, 0);
    for (size_t k = 0; k < ising->count; k++) {
        const size_t half = (size_t)1 << k;
        double *upper = energies + half;
        upper[0] = qhm_ising_field(ising, k);
        for (size_t j = 0; j < ising->count; j++)
            upper[0] += ising->couplings[k][j];
        for (size_t j = 0; j < k; j++)
            for (size_t z = 0; z < (size_t)1 << j; z++)
                upper[((size_t)1 << j) + z] = upper[z] - 2 * ising->couplings[k][j];
        for (size_t z = 0; z < half; z++)
            upper[z] = energies[z] - 2 * upper[z];
    }
    return QHM_OK;
}

qhm_status qhm_ising_observable(const qhm_ising *ising, qhm_observable **observable)
{
    qhm_observable *made;
    QHM_REQUIRE(ising && observable, "ising or observable is NULL");
    QHM_TRY(qhm_observable_create(&made));
    qhm_status status = qhm_observable_append(made, qhm_ising_constant(ising), NULL, 0);
    for (size_t i = 0; i < ising->count && status == QHM_OK; i++) {
        const qhm_pauli_factor one[] = {{(uint32_t)i, QHM_PAULI_Z}};
        if (qhm_ising_field(ising, i) != 0)
            status = qhm_observable_append(made, qhm_ising_field(ising, i), one, 1);
        for (size_t j = 0; j < i && status == QHM_OK; j++) {
            const qhm_pauli_factor two[] = {{(uint32_t)j, QHM_PAULI_Z}, {(uint32_t)i, QHM_PAULI_Z}};
            if (ising->couplings[i][j] != 0)
                status = qhm_observable_append(made, ising->couplings[i][j], two, 2);
        }
    }
    if (status != QHM_OK) {
        qhm_observable_destroy(made);
        return status;
    }
    *observable = made;
    return QHM_OK;
}

// RZ(a) = exp(-i a Z / 2): a factor of 2, and no minus.
qhm_status qhm_ising_append_phase(const qhm_ising *ising, uint32_t weight, qhm_circuit *circuit)
{
    QHM_REQUIRE(ising && circuit, "ising or circuit is NULL");
    for (uint32_t i = 0; i < ising->count; i++) {
        qhm_angle angle = qhm_angle_weight(weight);
        angle.scale = 2 * qhm_ising_field(ising, i);
        if (angle.scale != 0)
            QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_RZ, &i, &angle));
        for (uint32_t j = i + 1; j < ising->count; j++) {
            angle.scale = 2 * ising->couplings[i][j];
            if (angle.scale != 0)
                QHM_TRY(qhm_circuit_append(circuit, QHM_GATE_RZZ, (uint32_t[]){i, j}, &angle));
        }
    }
    return QHM_OK;
}
