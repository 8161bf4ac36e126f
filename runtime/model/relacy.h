// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the model uses of Relacy: not relacy.hpp, which makes macros of new, free,
// pthread_mutex_lock and others. To be included first.

#ifndef UNLATCH_MODEL_RELACY_H
#define UNLATCH_MODEL_RELACY_H

#include <relacy/base.hpp>

#include <relacy/context.hpp>

#include <relacy/context_base_impl.hpp>

#include <relacy/atomic.hpp>
#include <relacy/atomic_fence.hpp>
#include <relacy/dyn_thread.hpp>
#include <relacy/stdlib/condition_variable.hpp>
#include <relacy/stdlib/event.hpp>
#include <relacy/stdlib/mutex.hpp>
#include <relacy/stdlib/semaphore.hpp>
#include <relacy/test_suite.hpp>
#include <relacy/var.hpp>

#endif // UNLATCH_MODEL_RELACY_H
