// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_PYTHON_BINDINGS_H
#define SEEM_PYTHON_BINDINGS_H

#include <seem/core/state.h>
#include <seem/database/event_database.h>
#include <seem/law/elasticity.h>
#include <seem/law/tensor.h>

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <memory>
#include <string>
#include <vector>

namespace seem::python
{
  namespace py = pybind11;

  /// Numbers from Python, in any type and layout that numpy can convert.
  using Numbers = py::array_t<double, py::array::c_style | py::array::forcecast>;

  // One function per part of the module; a part may use the types of those before it.
  void bind_errors(py::module_ &module);
  void bind_elasticity(py::module_ &module);
  void bind_database(py::module_ &module);
  void bind_event_source(py::module_ &module);
  void bind_laws(py::module_ &module);
  void bind_point(py::module_ &module);
  void bind_ensemble(py::module_ &module);

  /// The elasticity that X1 and the jumps of a database belong to.
  std::shared_ptr<const law::Elasticity> elasticity_of(const database::EventDatabase &database);

  /// The same numbers without leave to write into them.
  template <typename T>
  py::array_t<T> read_only(py::array_t<T> array)
  {
    array.attr("setflags")(py::arg("write") = false);
    return array;
  }

  /// Read-only view of numbers that @p owner keeps alive, [n].
  template <typename T>
  py::array_t<T> view(const std::vector<T> &values, const py::handle owner)
  {
    return read_only(py::array_t<T>(values.size(), values.data(), owner));
  }

  /// Rows of equal length as an array [n_rows][n], copied.
  py::array_t<double> matrix(const std::vector<std::vector<double>> &rows, std::size_t n);

  /// Symmetric tensor from its components (xx, yy, zz, yz, xz, xy).
  /// @throws InputError unless there are six
  law::SymmetricTensor tensor_of(const Numbers &components);

  /// Components (xx, yy, zz, yz, xz, xy) of a symmetric tensor, [6].
  py::array_t<double> components_of(const law::SymmetricTensor &tensor);

  /// State from numbers (tau, X1, ..., XM).
  /// @throws InputError naming @p what if they are too few, too many or not finite
  State state_of(const double *numbers, std::size_t n, const std::string &what);

  /// Leave what @p state has behind its first @p n_known internal variables to the law: NaN.
  void leave_open(State &state, std::size_t n_known);

  /// (tau, X1, ..., XM) of states, [n_states][1 + n_x].
  py::array_t<double> state_rows(const std::vector<State> &states, std::size_t n_x);

  /// States from an array [n_states][1 + M].
  /// @throws InputError if it has another shape or a number is not finite
  std::vector<State> states_of(const Numbers &rows);
} // namespace seem::python

#endif
