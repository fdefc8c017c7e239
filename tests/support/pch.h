// SPDX-License-Identifier: LGPL-2.1-or-later
// Precompiled header of the tests below the solver.
#ifndef SEEM_TESTS_SUPPORT_PCH_H
#define SEEM_TESTS_SUPPORT_PCH_H

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#if __has_include(<Eigen/Core>)
#include <Eigen/Core>
#endif

#include <fmt/format.h>

#endif
