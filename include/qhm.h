/** @file qhm.h
 *  The whole public API at once; the topics are in <qhm/...>. */
#ifndef QHM_H
#define QHM_H

#include <qhm/ansatz.h>
#include <qhm/backend.h>
#include <qhm/bench.h>
#include <qhm/canonical_correlation.h>
#include <qhm/channel.h>
#include <qhm/circuit.h>
#include <qhm/cloud.h>
#include <qhm/data_source.h>
#include <qhm/dataset.h>
#include <qhm/diagnostics.h>
#include <qhm/distribution.h>
#include <qhm/draw.h>
#include <qhm/entanglement.h>
#include <qhm/extractor.h>
#include <qhm/feature_map.h>
#include <qhm/gradient_doctor.h>
#include <qhm/image.h>
#include <qhm/imported_run.h>
#include <qhm/job.h>
#include <qhm/method.h>
#include <qhm/module.h>
#include <qhm/module_kinds.h>
#include <qhm/observable.h>
#include <qhm/optimizer.h>
#include <qhm/options.h>
#include <qhm/parameter.h>
#include <qhm/plan.h>
#include <qhm/qasm.h>
#include <qhm/qir.h>
#include <qhm/qsann.h>
#include <qhm/quantum_kernel.h>
#include <qhm/quantum_layer.h>
#include <qhm/random.h>
#include <qhm/report.h>
#include <qhm/retrieval_metrics.h>
#include <qhm/run.h>
#include <qhm/run_store.h>
#include <qhm/safetensors.h>
#include <qhm/schedule.h>
#include <qhm/split.h>
#include <qhm/state_preparation.h>
#include <qhm/status.h>
#include <qhm/svm.h>
#include <qhm/tape.h>
#include <qhm/tensor.h>
#include <qhm/threads.h>
#include <qhm/trainer.h>
#include <qhm/types.h>
#include <qhm/verdict.h>
#include <qhm/version.h>
#include <qhm/vocabulary.h>

#endif
