// SPDX-License-Identifier: LGPL-2.1-or-later
#include "bindings.h"

#include <seem/core/exceptions.h>
#include <seem/core/version.h>

namespace seem::python
{
  namespace
  {
    constexpr const char *description =
        R"(Stochastic evolution elasto-plastic modelling (SEEM) of metallic glasses: the event database and the law at
a material point.

    database = seem.Database.read("cu64zr36.h5")
    law = seem.SeemLaw(database, bulk_modulus=148)
    paths = seem.shear_ensemble(law, database.initial_states("q10"), seem.strain_grid(0.5, 1e-3))

Units: stress GPa, energy per atom eV, atomistic lengths Angstrom; all rates are per unit of the engineering
shear strain gamma = 2 eps_xy. tau > 0 where the shear does work.

Tensors are arrays of their six components (xx, yy, zz, yz, xz, xy): tensor components, neither engineering
strains nor Mandel's form. Simple shear gamma has the strain (0, 0, 0, 0, 0, gamma/2).

Everything is a pure function of its arguments: random numbers are named by seed, cell, quadrature point and
event, so the same call gives the same bits, here and in the program seem.

Wrong input raises ValueError, a file that cannot be opened OSError, too many events in one step StepError.)";
  } // namespace

  void bind_errors(py::module_ &module)
  {
    static const py::handle step_error = PyErr_NewExceptionWithDoc(
        "seem.StepError",
        "A strain step that could not be made, but a smaller one may be.\n\n"
        "admissible_share: advance no further than this share of the step, 0..1",
        PyExc_RuntimeError, nullptr);
    module.attr("StepError") = step_error;
    py::register_local_exception_translator([](std::exception_ptr pointer) {
      try
      {
        if (pointer)
          std::rethrow_exception(pointer);
      }
      catch (const StepError &error)
      {
        py::object exception = step_error(error.what());
        exception.attr("admissible_share") = error.admissible_share();
        PyErr_SetObject(step_error.ptr(), exception.ptr());
      }
      catch (const InputError &error)
      {
        PyErr_SetString(PyExc_ValueError, error.what());
      }
    });
  }
} // namespace seem::python

PYBIND11_MODULE(seem, module)
{
  using namespace seem::python;
  module.doc() = description;
  module.attr("__version__") = seem::program_version;
  bind_errors(module);
  bind_elasticity(module);
  bind_database(module);
  bind_event_source(module);
  bind_laws(module);
  bind_point(module);
  bind_ensemble(module);
}
