/** @file qhm.h
 *  The whole public API at once; the topics are in <qhm/...>. */
#ifndef QHM_H
#define QHM_H

#include <qhm/backend.h>
#include <qhm/circuit.h>
#include <qhm/data_source.h>
#include <qhm/dataset.h>
#include <qhm/gradient_doctor.h>
#include <qhm/job.h>
#include <qhm/observable.h>
#include <qhm/options.h>
#include <qhm/plan.h>
#include <qhm/random.h>
#include <qhm/split.h>
#include <qhm/status.h>
#include <qhm/threads.h>
#include <qhm/types.h>
#include <qhm/version.h>

#endif
