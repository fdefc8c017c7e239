// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bindings.h"

#include <seem/core/exceptions.h>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace seem::python
{
  py::array_t<double> matrix(const std::vector<std::vector<double>> &rows, const std::size_t n)
  {
    py::array_t<double> result({rows.size(), n});
    double *to = result.mutable_data();
    for (const std::vector<double> &row : rows)
      to = std::copy_n(row.begin(), n, to);
    return result;
  }

  law::SymmetricTensor tensor_of(const Numbers &components)
  {
    if (components.ndim() != 1 || components.shape(0) != 6)
      throw InputError(
          fmt::format("a tensor is an array of six components (xx, yy, zz, yz, xz, xy), "
                      "not one of {} numbers in {} dimensions",
                      components.size(), components.ndim()));
    const double *c = components.data();
    return law::symmetric_tensor(c[0], c[1], c[2], c[3], c[4], c[5]);
  }

  py::array_t<double> components_of(const law::SymmetricTensor &tensor)
  {
    py::array_t<double> result(6);
    for (int i = 0; i < 6; ++i)
      result.mutable_at(i) = i < 3 ? tensor[i] : tensor[i] / law::sqrt2;
    return result;
  }

  State state_of(const double *numbers, const std::size_t n, const std::string &what)
  {
    if (n < 2 || n > 1 + max_internal_variables)
      throw InputError(fmt::format("{}: a state is (tau, X1) and up to {} more internal variables, "
                                   "not {} numbers",
                                   what, max_internal_variables - 1, n));
    for (std::size_t i = 0; i < n; ++i)
      if (!std::isfinite(numbers[i]))
        throw InputError(fmt::format("{}: {} is not a finite number", what, numbers[i]));
    State state;
    state.tau = numbers[0];
    std::copy_n(numbers + 1, n - 1, state.x.begin());
    return state;
  }

  void leave_open(State &state, const std::size_t n_known)
  {
    std::fill(state.x.begin() + static_cast<std::ptrdiff_t>(n_known), state.x.end(),
              std::numeric_limits<double>::quiet_NaN());
  }

  py::array_t<double> state_rows(const std::vector<State> &states, const std::size_t n_x)
  {
    py::array_t<double> result({states.size(), 1 + n_x});
    double *to = result.mutable_data();
    for (const State &state : states)
    {
      *to++ = state.tau;
      to = std::copy_n(state.x.begin(), n_x, to);
    }
    return result;
  }

  std::vector<State> states_of(const Numbers &rows)
  {
    if (rows.ndim() != 2)
      throw InputError(
          fmt::format("initial states are an array [n_paths][tau, X1, ...], not one of "
                      "{} dimensions",
                      rows.ndim()));
    const auto n = static_cast<std::size_t>(rows.shape(1));
    std::vector<State> states;
    for (py::ssize_t i = 0; i < rows.shape(0); ++i)
      states.push_back(state_of(rows.data(i, 0), n, fmt::format("initial state {}", i)));
    return states;
  }
} // namespace seem::python
