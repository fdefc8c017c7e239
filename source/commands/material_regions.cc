// SPDX-License-Identifier: LGPL-2.1-or-later
#include "space_function.h"

#include <seem/commands/material_regions.h>
#include <seem/commands/parameter_patterns.h>
#include <seem/law/j2_law.h>
#include <seem/law/linear_elastic_law.h>
#include <seem/solver/collective.h>

#include <deal.II/base/mpi.h>
#include <deal.II/base/parameter_handler.h>
#include <deal.II/base/utilities.h>

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace seem::commands
{
  namespace patterns = dealii::Patterns;
  namespace mpi = dealii::Utilities::MPI;

  namespace
  {
    std::string section_name(const unsigned int number)
    {
      return fmt::format("Region {}", number);
    }

    /// The law of a region. @throws InputError naming the parameter that does not fit
    void make_law(MaterialRegion &region, const Parameters &parameters)
    {
      const auto positive = [&](const std::string &key) {
        const double value = parameters.number(region.section + "/" + key);
        if (!(value > 0.0))
          throw parameters.error(region.section + "/" + key, "must be greater than 0");
        return value;
      };
      const double shear = positive("Shear modulus"), bulk = positive("Bulk modulus");
      region.flows = parameters.text(region.section + "/Law") == "J2";
      if (!region.flows)
      {
        for (const char *key : {"/Yield stress", "/Hardening modulus"})
          if (parameters.number(region.section + key) != 0.0)
            throw parameters.error(region.section + key, "is only used if \"Law\" is J2");
        region.law = std::make_shared<const law::LinearElasticLaw>(shear, bulk);
        return;
      }
      law::J2LawParameters j2;
      j2.shear_modulus = shear;
      j2.bulk_modulus = bulk;
      j2.yield_stress = positive("Yield stress");
      j2.hardening = parameters.number(region.section + "/Hardening modulus");
      region.law = std::make_shared<const law::J2Law>(j2);
    }

    /// Name of a material of a mesh with its id, for messages.
    template <int dim>
    std::string materials_text(const solver::SpecimenMesh<dim> &mesh)
    {
      std::map<unsigned int, std::string> all;
      for (const auto &cell : mesh.coarse.active_cell_iterators())
        all.try_emplace(cell->material_id(), fmt::format("{}", cell->material_id()));
      for (const auto &[name, id] : mesh.material_names)
        all[id] = fmt::format("{} ({})", id, name);
      std::vector<std::string> texts;
      for (const auto &entry : all)
        texts.push_back(entry.second);
      return fmt::format("{}", fmt::join(texts, ", "));
    }

    /// Ids of the mesh that a region names.
    template <int dim>
    std::vector<dealii::types::material_id> ids_of(const MaterialRegion &region,
                                                   const Parameters &parameters,
                                                   const solver::SpecimenMesh<dim> &mesh)
    {
      std::vector<dealii::types::material_id> ids;
      for (const std::string &name : region.materials)
      {
        const auto named = mesh.material_names.find(name);
        std::optional<unsigned int> id;
        if (named != mesh.material_names.end())
          id = named->second;
        for (const auto &cell : mesh.coarse.active_cell_iterators())
          if (!id && fmt::format("{}", cell->material_id()) == name)
            id = cell->material_id();
        if (!id)
          throw parameters.error(region.section + "/Materials",
                                 fmt::format("the mesh has no material \"{}\"; it has {}", name,
                                             materials_text(mesh)));
        ids.push_back(*id);
      }
      return ids;
    }
  } // namespace

  void MaterialRegion::declare(dealii::ParameterHandler &prm)
  {
    prm.enter_subsection("Material");
    for (unsigned int number = 1; number <= max_regions; ++number)
    {
      prm.enter_subsection(section_name(number));
      prm.declare_entry("Materials", "", patterns::Anything(),
                        "A part of the specimen with a law of its own, such as platens: the "
                        "materials of the mesh, by name or id, that belong to it; separated by "
                        "commas.");
      prm.declare_entry("Where", "", patterns::Anything(),
                        "Or an expression of x, y, z [nm] that is greater than 0 inside, e.g. "
                        "abs(y - 20) - 15; a cell belongs to the side of its centre.");
      prm.declare_entry("Law", "linear elastic", patterns::Selection("linear elastic|J2"),
                        "Of the region. The rest of the specimen follows \"Material/Law\".");
      prm.declare_entry("Shear modulus", "0", patterns::Double(0.0), "G of the region [GPa].");
      prm.declare_entry("Bulk modulus", "0", patterns::Double(0.0), "K of the region [GPa].");
      prm.declare_entry("Yield stress", "0", patterns::Double(0.0),
                        "Of J2, in uniaxial tension [GPa].");
      prm.declare_entry("Hardening modulus", "0", patterns::Double(0.0),
                        "Of J2, per equivalent plastic strain [GPa].");
      prm.leave_subsection();
    }
    prm.leave_subsection();
  }

  std::vector<MaterialRegion> MaterialRegion::parse(const Parameters &parameters)
  {
    std::vector<MaterialRegion> regions;
    for (unsigned int number = 1; number <= max_regions; ++number)
    {
      MaterialRegion region;
      region.section = "Material/" + section_name(number);
      region.materials =
          dealii::Utilities::split_string_list(parameters.text(region.section + "/Materials"));
      region.where = parameters.text(region.section + "/Where");
      if (region.materials.empty() && region.where.empty())
      {
        for (const char *key : {"Shear modulus", "Bulk modulus", "Yield stress"})
          if (parameters.number(region.section + "/" + key) != 0.0)
            throw parameters.error(
                region.section + "/" + key,
                "is only used if \"Materials\" or \"Where\" of the region is set");
        continue;
      }
      if (!region.materials.empty() && !region.where.empty())
        throw parameters.error(region.section + "/Where",
                               "set this or \"Materials\" of the region, not both");
      make_law(region, parameters);
      regions.push_back(std::move(region));
    }
    return regions;
  }

  template <int dim>
  std::vector<unsigned int>
  regions_of_cells(const std::vector<MaterialRegion> &regions, const Parameters &parameters,
                   const solver::Body<dim> &body, const MPI_Comm communicator)
  {
    std::vector<std::vector<dealii::types::material_id>> ids;
    std::vector<std::function<double(const dealii::Point<dim> &, double)>> wheres;
    for (const MaterialRegion &region : regions)
    {
      ids.push_back(ids_of(region, parameters, *body.mesh));
      wheres.emplace_back();
      if (!region.where.empty())
        wheres.back() = space_function<dim>(region.where, region.section + "/Where");
    }

    const auto &dofs = body.discretisation.dof_handler;
    std::vector<unsigned int> of_active_cell(dofs.get_triangulation().n_active_cells(), 0);
    std::vector<unsigned long> n_cells(regions.size() + 1, 0);
    solver::run_collectively(communicator, [&] {
      for (const auto &cell : dofs.active_cell_iterators())
      {
        if (!cell->is_locally_owned())
          continue;
        unsigned int &own = of_active_cell[cell->active_cell_index()];
        for (unsigned int r = 0; r < regions.size(); ++r)
        {
          const bool inside =
              wheres[r] ? wheres[r](cell->center(), 0.0) > 0.0
                        : std::count(ids[r].begin(), ids[r].end(), cell->material_id()) > 0;
          if (!inside)
            continue;
          if (own != 0)
            throw InputError(fmt::format(
                "the cell around x = {:.4g}, y = {:.4g} nm lies both in \"{}\" and in \"{}\": the "
                "parts of a specimen must not overlap",
                cell->center()[0], cell->center()[1], regions[own - 1].section,
                regions[r].section));
          own = r + 1;
        }
        ++n_cells[own];
      }
    });
    mpi::sum(n_cells, communicator, n_cells);
    for (unsigned int r = 0; r < regions.size(); ++r)
      if (n_cells[r + 1] == 0)
        throw parameters.error(regions[r].section +
                                   (regions[r].where.empty() ? "/Materials" : "/Where"),
                               "no cell of the specimen lies in this region");
    if (n_cells[0] == 0)
      throw parameters.error(regions.back().section + "/Law",
                             "the regions cover the whole specimen: nothing is left for "
                             "\"Material/Law\"");

    std::vector<unsigned int> result;
    for (const unsigned int index : body.balance->active_cell_indices())
      result.push_back(of_active_cell[index]);
    return result;
  }

  template std::vector<unsigned int> regions_of_cells(const std::vector<MaterialRegion> &,
                                                      const Parameters &, const solver::Body<2> &,
                                                      MPI_Comm);
  template std::vector<unsigned int> regions_of_cells(const std::vector<MaterialRegion> &,
                                                      const Parameters &, const solver::Body<3> &,
                                                      MPI_Comm);
} // namespace seem::commands
