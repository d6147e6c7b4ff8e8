// Each measurement setting with the errors of its own letters.
#include "mitigate/chip_readings.h"

#include "base/memory.h"
#include "mitigate/chip_readout.h"
#include "simulate/readout.h"

#include <math.h>
#include <string.h>

static qhm_status add_reading(qhm_chip_readings *readings)
{
    qhm_chip_reading *made = &readings->items[readings->count++];
    QHM_TRY(qhm_allocate(readings->qubit_count, sizeof *made->flips, &made->flips));
    QHM_TRY(qhm_allocate(readings->observable_count, sizeof(qhm_observable *), &made->observables));
    for (size_t k = 0; k < readings->observable_count; k++)
        QHM_TRY(qhm_observable_create(&made->observables[k]));
    return QHM_OK;
}

void qhm_chip_readings_release(qhm_chip_readings *readings)
{
    for (size_t r = 0; r < readings->count; r++) {
        qhm_chip_reading *reading = &readings->items[r];
        for (size_t k = 0; reading->observables && k < readings->observable_count; k++)
            qhm_observable_destroy(reading->observables[k]);
        qhm_release(reading->observables);
        qhm_release(reading->flips);
    }
    qhm_release(readings->items);
    *readings = (qhm_chip_readings){0};
}

// The errors of the letters that are read of each qubit: errors [qubits][4], NaN for the others.
static qhm_status find_errors(const qhm_chip_places *places, const qhm_readout *readout,
                              double (*errors)[4][2])
{
    for (size_t i = 0; i < 4 * places->qubit_count; i++)
        errors[i / 4][i % 4][0] = NAN;
    for (size_t i = 0; i < readout->setting_count * places->qubit_count; i++) {
        const size_t qubit = i % places->qubit_count, letter = readout->letters[i];
        double *found = errors[qubit][letter];
        if (letter == QHM_PAULI_I || !isnan(found[0]))
            continue;
        if (places->has_letters)
            QHM_TRY(qhm_chip_readout_find(places->noise, places->place_count, places->places[qubit],
                                          (qhm_pauli)letter, found));
        else
            qhm_noise_model_readout(places->noise, places->places[qubit], found);
    }
    return QHM_OK;
}

// Whether the letters that are read of each qubit have the same errors, which go to flips.
static bool has_one_error(const double (*errors)[4][2], size_t qubits, double (*flips)[2])
{
    for (size_t q = 0; q < qubits; q++) {
        const double *first = NULL;
        for (int letter = 1; letter < 4; letter++) {
            const double *found = errors[q][letter];
            if (isnan(found[0]))
                continue;
            if (first && (first[0] != found[0] || first[1] != found[1]))
                return false;
            first = found;
        }
        if (first)
            memcpy(flips[q], first, sizeof flips[q]);
    }
    return true;
}

static qhm_status copy_all(const qhm_observable *const *observables, qhm_chip_readings *readings)
{
    for (size_t k = 0; k < readings->observable_count; k++)
        for (size_t t = 0; t < qhm_observable_term_count(observables[k]); t++) {
            const qhm_pauli_term *term = qhm_observable_term(observables[k], t);
            QHM_TRY(qhm_observable_append(readings->items[0].observables[k], term->coefficient,
                                          term->factors, term->factor_count));
        }
    return QHM_OK;
}

static qhm_status copy_settings(const qhm_readout *readout, const double (*errors)[4][2],
                                qhm_chip_readings *readings)
{
    const size_t qubits = readings->qubit_count;
    while (readings->count < readout->setting_count)
        QHM_TRY(add_reading(readings));
    for (size_t k = 0; k < readings->observable_count; k++)
        if (readout->constants[k] != 0)
            QHM_TRY(qhm_observable_append(readings->items[0].observables[k], readout->constants[k],
                                          NULL, 0));
    for (size_t t = 0; t < readout->term_count; t++) {
        const qhm_readout_term *term = &readout->terms[t];
        QHM_TRY(qhm_observable_append(readings->items[term->setting].observables[term->observable],
                                      term->coefficient, readout->factors + term->first_factor,
                                      term->factor_count));
    }
    for (size_t i = 0; i < readout->setting_count * qubits; i++) {
        const uint8_t letter = readout->letters[i];
        double *flips = readings->items[i / qubits].flips[i % qubits];
        flips[0] = letter == QHM_PAULI_I ? 0 : errors[i % qubits][letter][0];
        flips[1] = letter == QHM_PAULI_I ? 0 : errors[i % qubits][letter][1];
    }
    return QHM_OK;
}

static qhm_status find(const qhm_chip_places *places, const qhm_observable *const *observables,
                       const qhm_readout *readout, double (*errors)[4][2],
                       qhm_chip_readings *readings)
{
    const size_t most = readout->setting_count > 0 ? readout->setting_count : 1;
    QHM_TRY(find_errors(places, readout, errors));
    QHM_TRY(qhm_allocate(most, sizeof *readings->items, &readings->items));
    QHM_TRY(add_reading(readings));
    if (has_one_error((const double(*)[4][2])errors, places->qubit_count, readings->items[0].flips))
        return copy_all(observables, readings);
    return copy_settings(readout, (const double(*)[4][2])errors, readings);
}

qhm_status qhm_chip_readings_find(const qhm_chip_places *places,
                                  const qhm_observable *const *observables, size_t count,
                                  qhm_chip_readings *readings)
{
    qhm_readout readout;
    double(*errors)[4][2];
    *readings = (qhm_chip_readings){.observable_count = count, .qubit_count = places->qubit_count};
    QHM_TRY(qhm_allocate(places->qubit_count, sizeof *errors, &errors));
    qhm_status status = qhm_readout_create(places->qubit_count, observables, count, &readout);
    if (status == QHM_OK) {
        status = find(places, observables, &readout, errors, readings);
        qhm_readout_release(&readout);
    }
    qhm_release(errors);
    return status;
}

static qhm_status divide(const double (*flips)[2], const qhm_observable *observable,
                         qhm_observable **divided, double *largest)
{
    qhm_observable *made;
    QHM_TRY(qhm_observable_create(&made));
    qhm_status status = QHM_OK;
    for (size_t t = 0; t < qhm_observable_term_count(observable) && status == QHM_OK; t++) {
        const qhm_pauli_term *term = qhm_observable_term(observable, t);
        double left = 1;
        for (size_t f = 0; f < term->factor_count; f++)
            left *= 1 - 2 * flips[term->factors[f].qubit][0];
        *largest = fmax(*largest, 1 / (left * left));
        if (left < 1e-3)
            status = QHM_FAIL(QHM_ERROR_UNSUPPORTED,
                              "readout errors leave %.2g of a string on %zu qubits: too little to "
                              "divide by",
                              left, term->factor_count);
        else
            status = qhm_observable_append(made, term->coefficient / left, term->factors,
                                           term->factor_count);
    }
    if (status != QHM_OK) {
        qhm_observable_destroy(made);
        return status;
    }
    *divided = made;
    return QHM_OK;
}

qhm_status qhm_chip_readings_divide(qhm_chip_readings *readings, double *overhead)
{
    *overhead = 1;
    for (size_t r = 0; r < readings->count; r++) {
        const qhm_chip_reading *reading = &readings->items[r];
        for (size_t q = 0; q < readings->qubit_count; q++)
            reading->flips[q][0] = reading->flips[q][1] =
                (reading->flips[q][0] + reading->flips[q][1]) / 2;
        for (size_t k = 0; k < readings->observable_count; k++) {
            qhm_observable *divided;
            QHM_TRY(divide((const double(*)[2])reading->flips, reading->observables[k], &divided,
                           overhead));
            qhm_observable_destroy(reading->observables[k]);
            reading->observables[k] = divided;
        }
    }
    return QHM_OK;
}
