// SPDX-License-Identifier: LGPL-2.1-or-later
#ifndef SEEM_COMMANDS_RUN_LOADING_H
#define SEEM_COMMANDS_RUN_LOADING_H

#include <seem/commands/parameters.h>
#include <seem/solver/load_stepper.h>
#include <seem/solver/loading.h>
#include <seem/solver/specimen_mesh.h>

#include <functional>
#include <string>
#include <vector>

namespace seem::commands
{
  enum class RunLoadingKind
  {
    periodic_shear, ///< mean strain gamma_xy of a body that is periodic in all directions
    plates,         ///< simple shear between two held boundaries
    tension,        ///< two held boundaries move apart along y, or along z
    uniaxial,       ///< tension of a box between smooth walls, lateral faces free
    biaxial,        ///< the same, pulled along x and y
    torsion,        ///< the upper end turns about z
    components,     ///< mean strains and stresses of a periodic body
    boundaries      ///< each boundary by its own expressions
  };

  /// Section "Loading" of `seem run`: what drives the body, and how it is stepped.
  class RunLoading
  {
  public:
    static void declare(dealii::ParameterHandler &prm);

    /// @throws InputError naming the key and the cure
    static RunLoading parse(const Parameters &parameters);

    /// The load of a body of mesh @p mesh. @throws InputError if a boundary is missing
    template <int dim>
    solver::Loading<dim> make(const solver::SpecimenMesh<dim> &mesh) const;

    RunLoadingKind kind = RunLoadingKind::periodic_shear;
    solver::LoadParameters steps;
    double begin = 0.0; ///< pseudo-time of the start

    /// The strain that the user drives [-]: of the kinds with a strain path its value, of
    /// components the largest one, of boundaries t.
    double driven_strain(const solver::StepRecord &record) const;
    /// The mean stress that answers it [GPa]: the component, where there is none the mean tau.
    double driven_stress(const solver::StepRecord &record) const
    {
      return driven_stress(record.mean_stress, record.mean_tau);
    }
    /// The same of given volume means [GPa].
    double driven_stress(const law::SymmetricTensor &mean_stress, double mean_tau) const;
    /// How far that strain moved in the avalanche of the step, at a load that did not: only where a
    /// mean stress is prescribed [-].
    double strain_jump(const solver::StepRecord &record) const;

  private:
    using Function = std::function<double(double)>;

    /// A boundary by its name or number, with an expression in x, y, z, t per component.
    struct BoundaryEntry
    {
      std::string key; ///< of the section, for messages
      std::string boundary;
      std::vector<std::string> displacement; ///< empty text: free
      std::vector<std::string> traction;     ///< empty text: none
      std::string pressure;                  ///< [GPa], along minus the normal; empty: none
    };

    template <int dim>
    void add_boundary(const solver::SpecimenMesh<dim> &mesh, const BoundaryEntry &entry,
                      solver::Loading<dim> &loading) const;

    int component = 5;        ///< Mandel component that the load drives; -1: none
    Function path;            ///< of the kinds with one: strain [-] at t
    std::string lower, upper; ///< boundaries; empty: by the kind
    law::ComponentControl control = {};
    law::LoadPath components;
    std::vector<BoundaryEntry> boundaries;
  };
} // namespace seem::commands

#endif
