// SPDX-License-Identifier: LGPL-2.1-or-later
#include <seem/commands/output_parameters.h>
#include <seem/commands/parameter_patterns.h>

#include <deal.II/base/parameter_handler.h>

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace seem::commands
{
  namespace patterns = dealii::Patterns;

  namespace
  {
    constexpr const char *none = "none", *everywhere = "everywhere";

    void declare_fields(dealii::ParameterHandler &prm)
    {
      prm.declare_entry("Field interval", "0.05", patterns::Double(0.0),
                        "Pseudo-time between two field outputs for ParaView [-]; 0: not by time. "
                        "At the end fields are always written.");
      prm.declare_entry("Field steps", "0", patterns::Integer(0),
                        "Load steps between two field outputs [-]; 0: not by steps.");
      prm.declare_entry("Field times", "", patterns::List(patterns::Double(), 0),
                        "Pseudo-times at which fields are written [-]; a load step ends at each.");
      prm.declare_entry("Peak drop", "0.05", patterns::Double(0.0, 1.0),
                        "Fields are written once at the first step at which the driven stress has "
                        "fallen by this share below its largest value so far [-]; 0: not.");
      prm.declare_entry("Field format", "vtu", patterns::Selection("vtu|hdf5"),
                        "vtu: .vtu, .pvtu and fields.pvd; hdf5: .h5 with the mesh written once, "
                        "and fields.xdmf. ParaView reads both.");
      prm.declare_entry("Files per time", "1", patterns::Integer(1),
                        "Of the format vtu: so many files per time, shared by the ranks [-].");
      prm.declare_entry("Tensor fields", none, patterns::Selection("none|stress|strain|both"),
                        "Also write all components of these tensors.");
    }

    void declare_event_log(dealii::ParameterHandler &prm)
    {
      prm.declare_entry("Event log", "false", patterns::Bool(), "Write every event.");
      prm.declare_entry("Event formats", "csv",
                        patterns::List(patterns::Selection("csv|hdf5"), 1, 2),
                        "csv: events.csv, for small runs: about 100 bytes per event, all through "
                        "one rank; hdf5: events.h5, written by all ranks together.");
      prm.declare_entry("Event minimum drop", none, WordOr(none, patterns::Double()),
                        "Log only events whose stress drop at fixed strain is at least so large "
                        "[GPa].");
      prm.declare_entry("Event minimum plastic strain", none, WordOr(none, patterns::Double()),
                        "Log only events of at least this plastic shear strain [-].");
      prm.declare_entry("Event region", everywhere,
                        WordOr(everywhere, patterns::List(patterns::Double(), 4, 6)),
                        "Log only events at points in the box x0, x1, y0, y1 and, in space, z0, "
                        "z1 [nm].");
    }

    std::optional<double> number_or_none(const Parameters &parameters, const std::string &path)
    {
      if (parameters.text(path) == none)
        return {};
      return parameters.numbers(path).front();
    }

    /// The formats of a list, each at most once.
    std::pair<bool, bool> csv_and_hdf5(const Parameters &parameters, const std::string &path)
    {
      const auto names = dealii::Utilities::split_string_list(parameters.text(path), ",");
      const auto n = [&](const char *name) { return std::count(names.begin(), names.end(), name); };
      if (n("csv") > 1 || n("hdf5") > 1)
        throw parameters.error(path, "names a format twice");
      return {n("csv") > 0, n("hdf5") > 0};
    }

    void parse_event_filter(const Parameters &parameters, OutputParameters &result)
    {
      solver::EventFilter &filter = result.event_filter;
      std::string &text = result.event_filter_text;
      filter.smallest_drop = number_or_none(parameters, "Output/Event minimum drop");
      if (filter.smallest_drop)
        text += fmt::format("stress drop at least {:g} GPa", *filter.smallest_drop);
      filter.smallest_plastic_shear =
          number_or_none(parameters, "Output/Event minimum plastic strain");
      if (filter.smallest_plastic_shear)
        text += fmt::format("{}plastic shear strain at least {:g}", text.empty() ? "" : ", ",
                            *filter.smallest_plastic_shear);

      const std::string path = "Output/Event region";
      if (parameters.text(path) != everywhere)
      {
        const std::vector<double> ends = parameters.numbers(path);
        const std::size_t dim = static_cast<std::size_t>(parameters.integer("Specimen/Dimension"));
        if (ends.size() != 2 * dim)
          throw parameters.error(path, dim == 2 ? "expected x0, x1, y0, y1 in plane strain"
                                                : "expected x0, x1, y0, y1, z0, z1 in space");
        constexpr double unbounded = std::numeric_limits<double>::infinity();
        filter.region.emplace();
        filter.region->fill({-unbounded, unbounded});
        for (std::size_t d = 0; d < dim; ++d)
        {
          if (!(ends[2 * d] < ends[2 * d + 1]))
            throw parameters.error(path, fmt::format("its low end {:g} is not below its high end "
                                                     "{:g}",
                                                     ends[2 * d], ends[2 * d + 1]));
          (*filter.region)[d] = {ends[2 * d], ends[2 * d + 1]};
        }
        text += fmt::format("{}points in the box {} nm", text.empty() ? "" : ", ",
                            fmt::join(ends, ", "));
      }
      if (!result.logs_events() && !text.empty())
        throw parameters.error("Output/Event log",
                               "a filter of the event log is given, but no log: set it to true");
      if (text.empty())
        text = none;
    }
  } // namespace

  void OutputParameters::declare(dealii::ParameterHandler &prm)
  {
    prm.enter_subsection("Output");
    prm.declare_entry("History formats", "csv",
                      patterns::List(patterns::Selection("csv|hdf5"), 1, 2),
                      "history.csv, always; with hdf5 also history.h5 with the same columns.");
    declare_fields(prm);
    declare_event_log(prm);
    prm.declare_entry("Shear band factor", "2", patterns::Double(0.0),
                      "Cells whose plastic shear strain exceeds this multiple of the volume mean, "
                      "and Shear band strain, are part of shear bands [-].");
    prm.declare_entry("Shear band strain", "0.01", patterns::Double(0.0), "See there [-].");
    prm.declare_entry("Point paths", "200", patterns::Integer(0),
                      "Paths of the point model to draw beside the stress-strain curve [-]; 0: "
                      "none.");
    prm.declare_entry("Figures", "true", patterns::Bool(),
                      "Draw figures (needs python3 with matplotlib).");
    prm.leave_subsection();
  }

  OutputParameters OutputParameters::parse(const Parameters &parameters)
  {
    OutputParameters result;
    const auto [history_csv, history_hdf5] = csv_and_hdf5(parameters, "Output/History formats");
    if (!history_csv)
      throw parameters.error("Output/History formats",
                             "history.csv is always written (figures are drawn from it): choose "
                             "csv, or csv, hdf5");
    result.history_hdf5 = history_hdf5;

    result.field_interval = parameters.number("Output/Field interval");
    result.field_steps = static_cast<unsigned int>(parameters.integer("Output/Field steps"));
    result.field_times = parameters.numbers("Output/Field times");
    std::sort(result.field_times.begin(), result.field_times.end());
    result.peak_drop = parameters.number("Output/Peak drop");
    if (parameters.text("Output/Field format") == "hdf5")
      result.fields.format = solver::FieldFormat::hdf5;
    result.fields.files_per_time =
        static_cast<unsigned int>(parameters.integer("Output/Files per time"));
    if (result.fields.format == solver::FieldFormat::hdf5 && result.fields.files_per_time != 1)
      throw parameters.error("Output/Files per time",
                             "is only used if \"Output/Field format\" is vtu");
    const std::string tensors = parameters.text("Output/Tensor fields");
    result.fields.stress = tensors == "stress" || tensors == "both";
    result.fields.strain = tensors == "strain" || tensors == "both";

    const auto [event_csv, event_hdf5] = csv_and_hdf5(parameters, "Output/Event formats");
    const bool log = parameters.boolean("Output/Event log");
    result.event_csv = log && event_csv;
    result.event_hdf5 = log && event_hdf5;
    parse_event_filter(parameters, result);

    result.shear_bands = {parameters.number("Output/Shear band factor"),
                          parameters.number("Output/Shear band strain")};
    result.n_point_paths = static_cast<std::size_t>(parameters.integer("Output/Point paths"));
    result.figures = parameters.boolean("Output/Figures");
    return result;
  }
} // namespace seem::commands
